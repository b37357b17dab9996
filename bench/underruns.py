#!/usr/bin/env python3
"""How often sound breaks off while another core is busy.

usage: bench/underruns.py [--peer NAME=COMMAND]... [--minutes N] [--server COMMAND] [PROGRAM]

Plays PROGRAM (roms/piano.tal, which repeats a tune) in a window of build/release/leveret, and in
other emulators: COMMAND gets the ROM as its last argument. All play at once into a sound card that
has a clock but no loudspeaker, PulseAudio's null sink, whose server tells when it wanted samples
that were not there. Meanwhile one core does nothing but count. The first seconds are not judged.
Needs Xvfb and pulseaudio.
"""
import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LEVERET = os.path.join(ROOT, "build", "release", "leveret")
SETTLED = 5  # seconds


def peer(text):
    name, equals, command = text.partition("=")
    if not (name and equals and command):
        raise argparse.ArgumentTypeError(f"expected NAME=COMMAND, not '{text}'")
    return name, shlex.split(command)


def x_server(children):
    """Starts one, and returns its name."""
    read, write = os.pipe()
    children.append(subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-nolisten", "tcp", "-noreset"], pass_fds=[write],
        stderr=subprocess.DEVNULL))
    os.close(write)
    with os.fdopen(read) as pipe:
        return ":" + pipe.readline().strip()


def sound_server(children, command, folder, log):
    """Starts one that plays into nothing, and returns its address."""
    socket = os.path.join(folder, "sound")
    children.append(subprocess.Popen(
        command + ["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "-vvvv",
                   "-L", "module-null-sink", "-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1"],
        env={**os.environ, "HOME": folder, "XDG_RUNTIME_DIR": folder}, stderr=log, stdout=log))
    began = time.monotonic()
    while not os.path.exists(socket):
        if time.monotonic() - began > 10:
            sys.exit("the sound server does not start")
        time.sleep(0.1)
    return "unix:" + socket


def counted(path, name):
    """How often a stream began, and how often it had nothing to play."""
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    quoted = re.escape(f'"{name}"')
    return (len(re.findall(rf"Created input \d+ {quoted}", text)),
            len(re.findall(rf"[Uu]nderrun o[nf] '{re.escape(name)}'", text)))


def main():
    parser = argparse.ArgumentParser(description="how often sound breaks off on a busy computer")
    parser.add_argument("program", metavar="PROGRAM", nargs="?", default=os.path.join(ROOT, "roms", "piano.tal"))
    parser.add_argument("--peer", metavar="NAME=COMMAND", type=peer, action="append", default=[])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--server", metavar="COMMAND", type=shlex.split, default=["pulseaudio"])
    options = parser.parse_args()
    contestants = {"leveret": [LEVERET], **dict(options.peer)}

    children = []
    with tempfile.TemporaryDirectory() as folder:
        rom = os.path.join(folder, "program.rom")
        subprocess.run([LEVERET, "asm", "-q", options.program, rom], check=True)
        log_path = os.path.join(folder, "log")
        try:
            with open(log_path, "wb") as log:
                environment = {**os.environ, "DISPLAY": x_server(children), "SDL_AUDIODRIVER": "pulseaudio",
                               "PULSE_SERVER": sound_server(children, options.server, folder, log),
                               "HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_STATE_HOME": folder}
            core = max(os.sched_getaffinity(0))
            children.append(subprocess.Popen([sys.executable, "-c", "while True: pass"],
                                             preexec_fn=lambda: os.sched_setaffinity(0, {core})))
            for name, command in contestants.items():
                children.append(subprocess.Popen(
                    command + [rom], env={**environment, "SDL_AUDIO_DEVICE_STREAM_NAME": name},
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            players = children[-len(contestants):]
            time.sleep(SETTLED)
            before = {name: counted(log_path, name)[1] for name in contestants}
            time.sleep(60 * options.minutes)
            print(f"load: {os.getloadavg()[0]:.1f}", file=sys.stderr)
            for player, name in zip(players, contestants):
                streams, underruns = counted(log_path, name)
                if player.poll() is not None or streams == 0:
                    print(f"{name}: did not play")
                else:
                    print(f"{name}: {underruns - before[name]} underruns in {options.minutes:g} minutes")
        finally:
            for child in reversed(children):
                child.terminate()
                child.wait()


if __name__ == "__main__":
    main()
