#!/usr/bin/env python3
"""Engines beside the same algorithms in C.

usage: bench/native/compare.py [--leveret FILE] [--engine NAME]... [--rounds N] [PROGRAM...]

Builds the C programs of this folder with each compiler that there is (gcc, clang; -O2), and runs them
and the programs of bench/programs with the same names in turns. All have to print the same. Prints
medians of CPU time:

- of a run: in C the algorithm alone, the mean of as many runs as take a twentieth of a second; of an
  engine from the reset vector to the end, in a process of its own each time, so that decoding and
  compiling are part of it;
- of a whole process that runs it once, from start to exit.
"""
import argparse
import json
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COMPILERS = ["gcc", "clang"]
LONG_ENOUGH = 0.05  # seconds


def run(command):
    """Output, error and CPU time of a command that has to succeed."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as error:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=error)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        error.seek(0)
        if process.returncode != 0:
            sys.exit(f"{command}: exit code {process.returncode}\n{error.read().decode()}")
        return output.read().decode(), error.read().decode(), usage.ru_utime + usage.ru_stime


class Native:
    """A program compiled by one compiler."""

    def __init__(self, compiler, program, folder):
        self.name = f"{compiler} -O2"
        self.binary = f"{folder}/{program}-{compiler}"
        self.times = 1
        run([compiler, "-std=c11", "-O2", HERE / "main.c", HERE / f"{program}.c", "-o", self.binary])
        self.times = max(1, math.ceil(LONG_ENOUGH / self.seconds()[1]))

    def seconds(self):
        output, error, _ = run([self.binary, str(self.times)])
        return output, float(error)

    def process(self):
        output, _, seconds = run([self.binary])
        return output, seconds


class Engine:
    """The Uxn program on one engine."""

    def __init__(self, leveret, engine, program, rom):
        self.name = engine
        self.bench = [leveret, "bench", program, "--engine", engine, "--rounds", "1", "--json"]
        self.run = [leveret, "run", "--engine", engine, rom]

    def seconds(self):
        # The output has been checked if this succeeds.
        result = json.loads(run(self.bench)[0])["programs"][0]["results"][self.name]
        return None, result["median_seconds"]

    def process(self):
        output, _, seconds = run(self.run)
        return output, seconds


def measure(contestants, rounds, expected):
    """Medians of runs and of whole processes, by name."""
    runs = {contestant.name: [] for contestant in contestants}
    processes = {contestant.name: [] for contestant in contestants}
    for _ in range(rounds):
        for contestant in contestants:
            for times, (output, seconds) in ((runs, contestant.seconds()),
                                             (processes, contestant.process())):
                if output not in (None, expected):
                    sys.exit(f"{contestant.name} prints {output!r} instead of {expected!r}")
                times[contestant.name].append(seconds)
    return ({name: statistics.median(times) for name, times in runs.items()},
            {name: statistics.median(times) for name, times in processes.items()})


def print_table(title, rows):
    """Milliseconds, and of all but the first contestant how many times the first one's."""
    names = list(next(iter(rows.values())))
    print(f"{title:26}" + "".join(f"{name:>18}" for name in names))
    for program, medians in rows.items():
        base = medians[names[0]]
        cells = [f"{base * 1e3:.2f} ms"]
        cells += [f"{medians[name] * 1e3:.2f} ms {medians[name] / base:5.2f}" for name in names[1:]]
        print(f"{program:26}" + "".join(f"{cell:>18}" for cell in cells))
    means = [math.exp(statistics.fmean(math.log(row[name] / row[names[0]]) for row in rows.values()))
             for name in names[1:]]
    print(f"{'geomean':26}{'':18}" + "".join(f"{mean:>18.2f}" for mean in means) + "\n")


def main():
    known = sorted(path.stem for path in HERE.glob("*.c") if path.stem != "main")
    parser = argparse.ArgumentParser(description="engines beside the same algorithms in C")
    parser.add_argument("programs", metavar="PROGRAM", nargs="*", help=", ".join(known))
    parser.add_argument("--leveret", default=str(ROOT / "build" / "release" / "leveret"))
    parser.add_argument("--engine", metavar="NAME", action="append", default=[])
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    for program in options.programs:
        if program not in known:
            parser.error(f"no such program: {program}")
    compilers = [compiler for compiler in COMPILERS if shutil.which(compiler)]
    if not compilers:
        sys.exit("there is neither gcc nor clang")
    lines = (HERE.parent / "programs" / "expected.txt").read_text().splitlines(keepends=True)
    runs, processes = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for program in options.programs or known:
            rom = f"{folder}/{program}.rom"
            run([options.leveret, "asm", HERE.parent / "programs" / f"{program}.tal", rom])
            contestants = [Native(compiler, program, folder) for compiler in compilers]
            contestants += [Engine(options.leveret, engine, program, rom)
                            for engine in options.engine or ["jit"]]
            expected = next(line for line in lines if line.startswith(program + " "))
            runs[program], processes[program] = measure(contestants, options.rounds, expected)
    print_table("a run", runs)
    print_table("a whole process", processes)


if __name__ == "__main__":
    main()
