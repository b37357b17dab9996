#!/usr/bin/env python3
"""AArch64 instructions executed for one Uxn instruction, counted under QEMU.

usage: bench/aarch64_instructions.py [--engine NAME]... [--peer NAME=COMMAND]... [PROGRAM...]

Runs the bench programs (all, or those named) on engines of build/aarch64/leveret (all that it has,
or those named) and on other AArch64 programs: COMMAND gets the ROM as its last argument. What a
program that ends at once takes is subtracted. Needs `./dev build aarch64`.
"""
import argparse
import json
import math
import os
import shlex
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build", "aarch64")
LEVERET = os.path.join(BUILD, "leveret")
PROGRAMS = os.path.join(ROOT, "bench", "programs")
PLUGIN = os.path.join(BUILD, "count_instructions.so")
QEMU = ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"]
END_AT_ONCE = bytes.fromhex("a0800f1700")  # LIT2 80 -System/state DEO BRK


def run(command):
    """Standard output and error of a command that has to succeed."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(command)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout, done.stderr


def count(command):
    """What an AArch64 command prints, and how many instructions it executes."""
    output, error = run(QEMU + ["-plugin", PLUGIN] + command)
    return output, int(error.splitlines()[-1])


def uxn_instructions(programs):
    """How many Uxn instructions each program executes."""
    options = ["--engine", "loop", "--rounds", "1", "--json"]
    report = json.loads(run(QEMU + [LEVERET, "bench"] + options + programs)[0])
    return {row["name"]: row["results"]["loop"]["instructions"] for row in report["programs"]}


def peer(text):
    name, equals, command = text.partition("=")
    if not (name and equals and command):
        raise argparse.ArgumentTypeError(f"expected NAME=COMMAND, not '{text}'")
    return name, shlex.split(command)


def main():
    parser = argparse.ArgumentParser(description="AArch64 instructions for one Uxn instruction")
    parser.add_argument("programs", metavar="PROGRAM", nargs="*")
    parser.add_argument("--engine", metavar="NAME", action="append", default=[])
    parser.add_argument("--peer", metavar="NAME=COMMAND", type=peer, action="append", default=[])
    options = parser.parse_args()
    if not os.path.exists(LEVERET):
        sys.exit(f"there is no {LEVERET}: please run ./dev build aarch64")

    run(["clang-22", "-O2", "-shared", "-fPIC", "-o", PLUGIN,
         os.path.join(ROOT, "tools", "qemu", "count_instructions.c")])
    engines = options.engine
    if not engines:
        listed = json.loads(run(QEMU + [LEVERET, "engines", "--json"])[0])
        engines = [engine["name"] for engine in listed if engine["available"]]
    contestants = {name: [LEVERET, "run", "--engine", name] for name in engines}
    contestants.update(options.peer)

    with open(os.path.join(PROGRAMS, "expected.txt"), encoding="utf-8") as file:
        expected = {line.split()[0]: line for line in file if line.strip()}
    instructions = uxn_instructions(options.programs)

    def row(name, cells):
        print(f"{name:10}" + "".join(f"  {cell:>12}" for cell in cells), flush=True)

    row("program", ["Uxn", *contestants])
    logs = {name: [] for name in contestants}
    with tempfile.TemporaryDirectory() as folder:
        end_at_once = os.path.join(folder, "end.rom")
        with open(end_at_once, "wb") as file:
            file.write(END_AT_ONCE)
        start_up = {name: count(command + [end_at_once])[1]
                    for name, command in contestants.items()}
        for program, number in instructions.items():
            rom = os.path.join(folder, program + ".rom")
            run(QEMU + [LEVERET, "asm", "-q", os.path.join(PROGRAMS, program + ".tal"), rom])
            cells = [f"{number / 1e6:.1f}M"]
            for name, command in contestants.items():
                output, executed = count(command + [rom])
                if output != expected[program]:
                    sys.exit(f"{program} on {name}: the output is wrong")
                ratio = (executed - start_up[name]) / number
                logs[name].append(math.log(ratio))
                cells.append(f"{ratio:.2f}")
            row(program, cells)
    row("geomean", ["", *(f"{math.exp(sum(log) / len(log)):.2f}" for log in logs.values())])


if __name__ == "__main__":
    main()
