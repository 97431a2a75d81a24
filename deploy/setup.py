"""Installs everything Dialog needs beside itself: packages, browser assets, translations.

    python3 deploy/setup.py          what the running product needs
    python3 deploy/setup.py --dev    what the tests and checks need, too

Only the standard library is used here, since this is what runs first on an empty machine. Each
part leaves a stamp in .venv, so that a second run has nothing to do and takes a moment.
"""

import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
THIS_PYTHON = ".".join(str(number) for number in sys.version_info[:2])
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VENDOR = ROOT / "static" / "vendor"
PIP_LINE = re.compile(
    r"^(?:Collecting|Processing|Requirement already satisfied:) "
    r"(?:\S*/)?([a-zA-Z]\w*(?:-[a-zA-Z]\w*)*)"
)
# The signs in each part of the font; dkfds holds the files and says no longer what is in them.
SCRIPTS = {
    "Latin1": "U+0-7E,U+A0-FF,U+131,U+152-153,U+2C6,U+2DA,U+2DC,U+2013-2014,U+2018-201A,"
    "U+201C-201E,U+2020-2022,U+2026,U+2030,U+2039-203A,U+2044,U+20AC,U+2122,U+2212,U+FB01-FB02",
    "Latin2": "U+100-101,U+104-130,U+132-151,U+154-17F,U+18F,U+192,U+1A0-1A1,U+1AF-1B0,"
    "U+1FA-1FF,U+218-21B,U+237,U+259,U+1E80-1E85,U+1E9E,U+20A1,U+20A4,U+20A6,U+20A8-20AA,"
    "U+20AD-20AE,U+20B1-20B2,U+20B4-20B5,U+20B8-20BA,U+20BD,U+20BF",
    "Latin3": "U+102-103,U+1CD-1DC,U+1EA0-1EF9,U+20AB",
    "Greek": "U+37E,U+386-3CE",
    "Cyrillic": "U+400-4F9",
    "Pi": "U+E3F,U+2032-2033,U+2070-2089,U+2113,U+2116,U+2126,U+212E,U+2150-215E,U+2190-21C6,"
    "U+2202-221E,U+222B,U+2248,U+2260-2265,U+25CA,U+2713,U+274C,U+2B0E-2B11",
}
BROTLI = (
    "const { brotliCompressSync } = require('node:zlib'); const fs = require('node:fs');"
    "for (const file of process.argv.slice(1))"
    " fs.writeFileSync(file + '.br', brotliCompressSync(fs.readFileSync(file)))"
)
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|ENOTFOUND"
    r"|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|No matching distribution found|Could not fetch URL"
)


class Missing(Exception):
    """Something the machine lacks; the message is the sentence a person reads."""


# --- packages -----------------------------------------------------------------------------------


def make_venv() -> None:
    """Create .venv unless it is there and works. Raises: Missing."""
    if works(PYTHON):
        return
    say(f"Creating .venv with Python {THIS_PYTHON}")
    made = answer_of([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made.returncode == 0:
        return
    if "Permission denied" in made.stdout:
        raise PermissionError(errno.EACCES, "no write access", str(ROOT))
    if "ensurepip" in made.stdout:
        raise Missing(
            "Python's venv module is not complete on this machine. Install it "
            "(Debian and Ubuntu: apt install python3-venv) and try again."
        )
    raise Missing("Could not create .venv:\n" + tail(made.stdout))


def works(python: Path) -> bool:
    """Whether this interpreter starts, is new enough and has pip."""
    if stamped("python", str(python)):
        return python.exists()
    check = f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    if not python.exists() or answer_of([str(python), "-c", check]).returncode != 0:
        return False
    stamp("python", str(python))
    return True


def install_packages(lock: Path, name: str) -> None:
    """Install a lock file by hash unless exactly it is installed already. Raises: Missing."""
    key = digest(lock)
    if stamped(name, key):
        return
    total = len(re.findall(r"^\S+==", lock.read_text(encoding="utf-8"), re.MULTILINE))
    say(f"Installing about {total} Python packages from {lock.name}")
    pip = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-input"]
    pip += ["--disable-pip-version-check", "--progress-bar=off", "-r", str(lock)]
    run_with_progress(pip, PIP_LINE)
    stamp(name, key)


# --- browser assets -------------------------------------------------------------------------------


def install_assets(*, dev: bool) -> None:
    """Fetch the browser assets by package-lock.json and copy what pages use. Raises: Missing."""
    key = digest(ROOT / "package-lock.json", Path(__file__))
    enough = [key + " dev"] if dev else [key, key + " dev"]
    if VENDOR.is_dir() and any(stamped("assets", done) for done in enough):
        return
    npm = find_npm()
    say("Fetching the browser assets")
    path = str(Path(npm).parent) + os.pathsep + os.environ.get("PATH", "")
    command = [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    run_with_progress(command + ([] if dev else ["--omit=dev"]), None, PATH=path)
    copy_dkfds(ROOT / "node_modules" / "dkfds", VENDOR / "dkfds")
    copy_socket_io(ROOT / "node_modules" / "socket.io-client", VENDOR / "socket.io")
    stamp("assets", key + (" dev" if dev else ""))


def find_npm() -> str:
    """Path of an npm whose Node is new enough: the machine's, else one installed into .venv."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node and node_version(node) >= OLDEST_NODE:
        return npm
    say(f"Node {OLDEST_NODE} or newer with npm is not here, so .venv gets its own")
    install_packages(ROOT / "deploy" / "node.lock", "node")
    return str(VENV / "bin" / "npm")


def node_version(node: str) -> int:
    """Major version of this Node; 0 when it does not start."""
    answer = answer_of([node, "--version"])
    found = re.match(r"v(\d+)", answer.stdout)
    return int(found.group(1)) if found else 0


def copy_dkfds(package: Path, target: Path) -> None:
    """Copy the design system's stylesheet with the fonts and pictures that it asks for."""
    dist = package / "dist"
    fresh(target)
    css = lean_fonts((dist / "css" / "dkfds.min.css").read_text(encoding="utf-8"))
    asked_for = set(re.findall(r"url\(\.\./([\w./-]+)\)", css))
    for name in sorted(asked_for | {"js/dkfds.min.js", "LICENSE.md"}):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(dist / name, target / name)
    (target / "css").mkdir()
    (target / "css" / "dkfds.min.css").write_text(without_source_map(css), encoding="utf-8")
    script = target / "js" / "dkfds.min.js"
    script.write_text(without_source_map(script.read_text(encoding="utf-8")), encoding="utf-8")


def copy_socket_io(package: Path, target: Path) -> None:
    """Copy the Socket.IO client as an ES module."""
    fresh(target)
    for name in ("socket.io.esm.min.js",):
        source = (package / "dist" / name).read_text(encoding="utf-8")
        (target / name).write_text(without_source_map(source), encoding="utf-8")
    shutil.copyfile(package / "LICENSE", target / "LICENSE")


def lean_fonts(css: str) -> str:
    """The stylesheet with IBM Plex Sans in two weights and by script.

    A page in Danish then fetches 17 kB a weight instead of 58. Medium is shown as regular and bold
    as semibold, as browsers do when a weight is missing.
    """

    def by_script(face: re.Match[str]) -> str:
        named = re.search(r"url\(([^)]*)/complete/woff2/IBMPlexSans-(\w+)\.woff2\)", face.group())
        if not named:
            return face.group()
        folder, weight = named.groups()
        if weight.startswith(("Medium", "Bold")):
            return ""
        start = re.sub(r"src:[^;}]*", "", face.group()).replace(";;", ";").rstrip(";}")
        return "".join(
            f"{start};src:url({folder}/split/woff2/IBMPlexSans-{weight}-{script}.woff2) "
            f'format("woff2");unicode-range:{signs}}}'
            for script, signs in SCRIPTS.items()
        )

    return re.sub(r"@font-face\{[^}]*\}", by_script, css)


def install_icons() -> None:
    """Copy the icons that templates, scripts and code name, as one file."""
    sources = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("dialog/**/*.py")]
    sources += ROOT.glob("static/js/*.js")
    words = set(re.findall(r"[\"'#]([a-z][a-z0-9-]+)", "".join(map(text_of, sorted(sources)))))
    every = ROOT / "node_modules" / "dkfds" / "dist" / "img" / "all-svg-icons.svg"
    target = VENDOR / "dkfds" / "img" / "all-svg-icons.svg"
    if every.exists():
        icons = re.sub(
            r'<symbol id="([^"]+)".*?</symbol>',
            lambda icon: icon.group() if icon.group(1) in words else "",
            text_of(every),
            flags=re.DOTALL,
        )
        if not target.exists() or text_of(target) != icons:
            target.write_text(icons, encoding="utf-8")


def compress_assets() -> None:
    """Write what is large as .br beside it, too, for browsers that come by https."""
    large = [*VENDOR.glob("dkfds/css/*.css"), *VENDOR.glob("*/*.min.js")]
    large += VENDOR.glob("dkfds/img/all-svg-icons.svg")
    stale = [str(file) for file in large if not is_packed(file)]
    if stale:
        node = shutil.which("node") or str(VENV / "bin" / "node")
        run_with_progress([node, "-e", BROTLI, *stale], None)


def is_packed(file: Path) -> bool:
    """Whether the .br beside this file was made from it as it is."""
    packed = file.with_name(file.name + ".br")
    return packed.exists() and packed.stat().st_mtime >= file.stat().st_mtime


def text_of(file: Path) -> str:
    """What the file holds."""
    return file.read_text(encoding="utf-8")


def without_source_map(source: str) -> str:
    """The text without the pointer to a source map that is not served."""
    return re.sub(r"(//#|/\*#) sourceMappingURL=\S+( ?\*/)?\s*$", "", source)


def fresh(folder: Path) -> None:
    """Empty this folder, or create it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


# --- translations ---------------------------------------------------------------------------------


def compile_translations() -> None:
    """Compile the catalogues that are newer than their compiled form. Raises: Missing."""
    folder = ROOT / "dialog" / "translations"
    if not any(is_stale(catalogue) for catalogue in folder.glob("*/LC_MESSAGES/*.po")):
        return
    say("Compiling the translations")
    run_with_progress([str(VENV / "bin" / "pybabel"), "compile", "-d", str(folder)], None)


def is_stale(catalogue: Path) -> bool:
    """Whether this catalogue was changed after it was last compiled."""
    compiled = catalogue.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime


# --- small things ---------------------------------------------------------------------------------


def run_with_progress(command: list[str], counted: re.Pattern[str] | None, **env: str) -> None:
    """Run a command and show how it gets on. Raises: Missing, with why it failed."""
    lines, done = [], 0
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **env}, text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        found = counted.match(line.strip()) if counted else None
        if found:
            done += 1
            show_progress(done, found.group(1))
        elif counted and line.startswith("Installing collected"):
            show_progress(done, "unpacking all of them", always=True)
    if sys.stdout.isatty() and done:
        print()
    if process.wait() != 0:
        raise Missing(why_it_failed(command, "".join(lines)))


def answer_of(command: list[str]) -> subprocess.CompletedProcess[str]:
    """What this command says, both outputs in one, and its exit code."""
    return subprocess.run(
        command, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def show_progress(done: int, name: str, *, always: bool = False) -> None:
    """One line that rewrites itself on a terminal, and one in ten elsewhere."""
    if sys.stdout.isatty():
        print(f"\r\033[K  {done:3d}  {name}", end="", flush=True)
    elif always or done % 10 == 0:
        print(f"  {done:3d}  {name}", flush=True)


def why_it_failed(command: list[str], output: str) -> str:
    """The sentence for a failed command."""
    if "EACCES" in output or "Permission denied" in output:
        return f"There is no write access to everything in {ROOT}:\n{tail(output, 4)}"
    if "No space left on device" in output:
        return "The disk is full. Make some room and run the same command again."
    if "DO NOT MATCH THE HASHES" in output:
        return f"A package is not the one that was locked; nothing was installed:\n{tail(output)}"
    if NO_NETWORK.search(output):
        return (
            "A package could not be fetched. Check the network (or the proxy or mirror that pip "
            "and npm are set up with) and run the same command again. The last words were:\n"
        ) + tail(output, 4)
    return f"{' '.join(command[:4])} did not succeed:\n{tail(output)}"


def tail(output: str, lines: int = 15) -> str:
    """The last lines of an output, indented."""
    return "\n".join("    " + line for line in output.strip().splitlines()[-lines:])


def digest(*files: Path) -> str:
    """One hash over the content of these files."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def stamped(name: str, key: str) -> bool:
    """Whether this part was finished with exactly this key."""
    file = VENV / ("dialog-" + name)
    return file.exists() and file.read_text(encoding="utf-8") == key


def stamp(name: str, key: str) -> None:
    """Note that this part is finished."""
    (VENV / ("dialog-" + name)).write_text(key, encoding="utf-8")


def say(sentence: str) -> None:
    """Tell what happens now."""
    print(sentence + " …", flush=True)


def main(arguments: list[str]) -> int:
    """Exit code: 0 when everything is in place, else 1 after one sentence about what is not."""
    dev = "--dev" in arguments
    try:
        make_venv()
        install_packages(ROOT / "requirements.lock", "packages")
        if dev:
            install_packages(ROOT / "requirements-dev.lock", "dev-packages")
        install_assets(dev=dev)
        install_icons()
        compress_assets()
        compile_translations()
    except Missing as missing:
        print(f"\n{missing}", file=sys.stderr)
    except PermissionError as error:
        print(f"\nThere is no write access to {error.filename}.", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to carry on.", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
