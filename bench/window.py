#!/usr/bin/env python3
"""What a window costs, measured beside other emulators' windows.

usage: bench/window.py [--peer NAME=COMMAND]... [--rounds N] [--seconds N] [--svg FILE] [--json FILE]

Opens the programs of bench/window in build/release/leveret, with and without its memory for
rewinding, and in other emulators: COMMAND gets the ROM as its last argument; variables go before
it, as in 'NAME=env SDL_AUDIODRIVER=dummy COMMAND'. All take turns, on an X server of their own,
and the tables show medians. Needs Xvfb, and the libraries libX11 and libXtst.

What is measured:
  colours, balls   share of a processor, of the emulator and of the X server, over some seconds of an
                   animation: 1024 by 768 pixels that all change, and a few that do; frames a second,
                   if it prints at once what a program prints; resident memory at the end
  idle             the share while nothing happens, and how often it wakes up
  start            from the start of the process to the first picture
  key              from the press of a key to the pixel that it changes
"""
import argparse
import ctypes
import json
import os
import random
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LEVERET = os.path.join(ROOT, "build", "release", "leveret")
PROGRAMS = os.path.join(ROOT, "bench", "window")
SCREEN = (1280, 1024)
# A place in every window of 1024 by 768 pixels, in a corner or in the middle of the screen; and the
# colour that idle.tal gives it.
PLACE = (640, 512)
FIRST_COLOUR = 0xff8800
PATIENCE = 10  # seconds
POLL = 0.0002


class XClient:
    """Somebody in front of the X server: sees pixels and presses keys. Through Xlib itself, since
    starting a tool for each look would cost more than what is measured."""

    class Attributes(ctypes.Structure):
        _fields_ = [(name, ctypes.c_int) for name in ("x", "y", "width", "height", "border", "depth")] + [
            ("visual", ctypes.c_void_p), ("root", ctypes.c_ulong)] + [
            (name, ctypes.c_int) for name in ("class_", "bit_gravity", "win_gravity", "backing_store")] + [
            ("planes", ctypes.c_ulong), ("pixel", ctypes.c_ulong), ("save_under", ctypes.c_int),
            ("colormap", ctypes.c_ulong), ("map_installed", ctypes.c_int), ("map_state", ctypes.c_int),
            ("rest", ctypes.c_ulong * 8)]

    def __init__(self, name):
        self.x11 = ctypes.CDLL("libX11.so.6")
        self.xtst = ctypes.CDLL("libXtst.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.x11.XGetImage.restype = ctypes.c_void_p
        self.x11.XGetPixel.restype = ctypes.c_ulong
        self.x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(name.encode()))
        if not self.display:
            sys.exit(f"the X server {name} does not answer")
        self.root = self.x11.XDefaultRootWindow(self.display)
        self.key = self.x11.XKeysymToKeycode(self.display, ctypes.c_ulong(ord("a")))

    def pixel(self, window, place):
        image = self.x11.XGetImage(self.display, ctypes.c_ulong(window), *place, 1, 1,
                                   ctypes.c_ulong(0xffffff), 2)
        if not image:
            return None
        image = ctypes.c_void_p(image)
        colour = self.x11.XGetPixel(image, 0, 0)
        self.x11.XDestroyImage(image)
        return colour & 0xffffff

    def window(self):
        """The window that can be seen, and its size; nothing if there is none."""
        root, parent = ctypes.c_ulong(), ctypes.c_ulong()
        children, count = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
        self.x11.XQueryTree(self.display, ctypes.c_ulong(self.root), ctypes.byref(root),
                            ctypes.byref(parent), ctypes.byref(children), ctypes.byref(count))
        found = None
        for i in range(count.value):
            about = self.Attributes()
            if self.x11.XGetWindowAttributes(self.display, ctypes.c_ulong(children[i]), ctypes.byref(about)):
                if about.map_state == 2 and about.width > 100:
                    found = children[i], (about.width, about.height)
        if children:
            self.x11.XFree(children)
        return found

    def focus(self, window):
        self.x11.XSetInputFocus(self.display, ctypes.c_ulong(window), 1, ctypes.c_ulong(0))
        self.x11.XSync(self.display, 0)

    def press(self, down):
        self.xtst.XTestFakeKeyEvent(self.display, self.key, int(down), ctypes.c_ulong(0))
        self.x11.XFlush(self.display)

    def seconds_until(self, is_so, began):
        """When that is so, seen from then; nothing if it never is."""
        while not is_so():
            if time.monotonic() - began > PATIENCE:
                return None
            time.sleep(POLL)
        return time.monotonic() - began


class Server:
    """An X server of our own."""

    def __enter__(self):
        read, write = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{SCREEN[0]}x{SCREEN[1]}x24",
             "-nolisten", "tcp", "-noreset"], pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            self.name = ":" + pipe.readline().strip()
        self.client = XClient(self.name)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


class Contestant:
    """An emulator that runs a program, until the end of a `with`."""

    def __init__(self, server, command, folders, rom):
        self.server, self.command, self.rom = server, command, rom
        self.environment = {**os.environ, "DISPLAY": server.name, "SDL_AUDIODRIVER": "dummy", **folders}

    def __enter__(self):
        self.output = tempfile.TemporaryFile()
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            self.command + [self.rom], env=self.environment, stdout=self.output,
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=os.path.dirname(self.rom))
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.output.close()
        self.server.client.seconds_until(lambda: self.server.client.window() is None, time.monotonic())

    def seconds_to_first_picture(self):
        client = self.server.client
        return client.seconds_until(lambda: client.pixel(client.root, PLACE) == FIRST_COLOUR, self.began)

    def beats(self):
        """How often the program has printed something: every 6 frames."""
        return os.fstat(self.output.fileno()).st_size


def tasks(pid, file):
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/{file}", encoding="ascii") as opened:
                yield opened.read()
        except FileNotFoundError:
            pass  # it has just ended


def cpu_seconds(pid):
    return sum(int(text.split()[0]) for text in tasks(pid, "schedstat")) / 1e9


def wake_ups(pid):
    return sum(int(line.split()[1]) for text in tasks(pid, "status")
               for line in text.splitlines() if line.startswith("voluntary_ctxt_switches"))


def resident_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


def measure_share(contestant, seconds, add, name):
    """Processor time, frames and wake-ups of a while, which begins when all has settled."""
    time.sleep(1.5)
    pid, server = contestant.process.pid, contestant.server.process.pid

    def now():
        return time.monotonic(), cpu_seconds(pid), cpu_seconds(server), wake_ups(pid)

    before, beats = now(), contestant.beats()
    time.sleep(seconds)
    after = now()
    took, own, servers, woken = (b - a for a, b in zip(before, after))
    add(f"{name}: emulator, %", 100 * own / took)
    add(f"{name}: X server, %", 100 * servers / took)
    if name == "idle":
        add("idle: wake-ups a second", woken / took)
    else:
        beats = contestant.beats() - beats
        add(f"{name}: frames a second", 6 * beats / took if beats else None)
        add(f"{name}: memory, MB", resident_mb(pid))


def measure_keys(contestant, presses, add):
    client = contestant.server.client
    client.seconds_until(client.window, contestant.began)
    time.sleep(0.7)
    found = client.window()
    if found is None:
        return
    window, (width, height) = found
    place = width // 2, height // 2
    client.focus(window)
    time.sleep(0.3)
    for _ in range(presses):
        before = client.pixel(window, place)
        began = time.monotonic()
        client.press(True)
        took = client.seconds_until(lambda: client.pixel(window, place) != before, began)
        client.press(False)
        add("key to pixel, ms", None if took is None else 1000 * took)
        if took is None:
            return
        time.sleep(random.uniform(0.05, 0.1))


def measure(start, options, add):
    """One round with one contestant; start(program) is a Contestant."""
    for name in ("colours", "balls", "idle"):
        with start(name) as contestant:
            measure_share(contestant, options.seconds, add, name)
    for _ in range(options.starts):
        with start("idle") as contestant:
            took = contestant.seconds_to_first_picture()
            add("start to picture, ms", None if took is None else 1000 * took)
    with start("key") as contestant:
        measure_keys(contestant, options.presses, add)


def median(values):
    """None among them: there was something that never came."""
    return None if not values or None in values else statistics.median(values)


def cell(value):
    return "-" if value is None else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def table(names, medians):
    lines = ["| | " + " | ".join(names) + " |", "|" + "---|" * (len(names) + 1)]
    lines += [f"| {row} | " + " | ".join(cell(of[name]) for name in names) + " |"
              for row, of in medians.items()]
    return "\n".join(lines)


def chart(names, medians):
    """Bars for each row of the table, the longest of a row as long as any other row's."""
    colours = ["#0b2533", "#16425b", "#2f6690", "#5f86a6", "#8ea3b5", "#b9c4cf"]
    bar, gap, left, plot, top = 9, 10, 170, 470, 44
    group = len(names) * bar + gap
    height = top + len(medians) * group
    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" width="700" height="{height}" '
           f'viewBox="0 0 700 {height}" font-family="sans-serif" font-size="11">',
           '<rect width="100%" height="100%" fill="#ffffff"/>']
    x = 20
    for i, name in enumerate(names):
        svg.append(f'<rect x="{x}" y="12" width="10" height="10" fill="{colours[i % len(colours)]}"/>'
                   f'<text x="{x + 14}" y="21">{name}</text>')
        x += 30 + 6 * len(name)
    for row, (title, of) in enumerate(medians.items()):
        y = top + row * group
        most = max((of[name] or 0 for name in names), default=0) or 1
        svg.append(f'<text x="{left - 8}" y="{y + (group - gap) / 2 + 4}" text-anchor="end">{title}</text>')
        for i, name in enumerate(names):
            length = plot * (of[name] or 0) / most
            svg.append(f'<rect x="{left}" y="{y + i * bar}" width="{length:.1f}" height="{bar - 1}" '
                       f'fill="{colours[i % len(colours)]}"/><text x="{left + length + 3:.1f}" '
                       f'y="{y + i * bar + 7}" font-size="8" fill="#555555">{cell(of[name])}</text>')
    return "\n".join(svg + ["</svg>", ""])


def peer(text):
    name, equals, command = text.partition("=")
    if not (name and equals and command):
        raise argparse.ArgumentTypeError(f"expected NAME=COMMAND, not '{text}'")
    return name, shlex.split(command)


def main():
    parser = argparse.ArgumentParser(description="what a window costs, beside other emulators'")
    parser.add_argument("--peer", metavar="NAME=COMMAND", type=peer, action="append", default=[])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10, help="of animation, and of idleness")
    parser.add_argument("--starts", type=int, default=7, help="in each round")
    parser.add_argument("--presses", type=int, default=34, help="in each round")
    parser.add_argument("--svg", metavar="FILE", help="draw a chart, too")
    parser.add_argument("--json", metavar="FILE", help="save all that was measured")
    options = parser.parse_args()
    if not os.path.exists(LEVERET):
        sys.exit(f"there is no {LEVERET}: please run ./dev build")
    if shutil.which("Xvfb") is None:
        sys.exit("there is no Xvfb: please install it")

    with tempfile.TemporaryDirectory() as folder, Server() as server:
        for name in ("colours", "balls", "idle", "key"):
            subprocess.run([LEVERET, "asm", "-q", os.path.join(PROGRAMS, name + ".tal"),
                            os.path.join(folder, name + ".rom")], check=True)
        # Nobody's own settings count; and one home does not rewind.
        homes = {}
        for name, settings in (("leveret", ""), ("no rewinding", "rewind_mb = 0\nlast_seconds = 0\n")):
            home = os.path.join(folder, name)
            os.makedirs(os.path.join(home, "leveret"))
            with open(os.path.join(home, "leveret", "settings.toml"), "w", encoding="ascii") as file:
                file.write(settings)
            homes[name] = {"XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home}
        contestants = {name: ([LEVERET], home) for name, home in homes.items()}
        contestants.update({name: (command, {}) for name, command in options.peer})

        samples = {name: {} for name in contestants}
        print(f"load before: {os.getloadavg()[0]:.1f}", file=sys.stderr)
        for turn in range(options.rounds):
            for name, (command, variables) in contestants.items():
                print(f"round {turn + 1}: {name}", file=sys.stderr)

                def start(program):
                    rom = os.path.join(folder, program + ".rom")
                    return Contestant(server, command, variables, rom)

                def add(what, value):
                    samples[name].setdefault(what, []).append(value)

                measure(start, options, add)
        print(f"load after: {os.getloadavg()[0]:.1f}", file=sys.stderr)

    rows = list(dict.fromkeys(what for of in samples.values() for what in of))
    medians = {what: {name: median(of.get(what)) for name, of in samples.items()} for what in rows}
    print(table(list(contestants), medians))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(samples, file, indent=1)
    if options.svg:
        with open(options.svg, "w", encoding="utf-8") as file:
            file.write(chart(list(contestants), medians))


if __name__ == "__main__":
    main()
