"""A PostgreSQL server of one's own, in a scratch folder, as user postgres.

Extensions are where the server's files are. So the folder has a tree like the installed one, most of it
links, whose server looks for extensions there and nowhere else; what is installed is not touched."""

import os
import pathlib
import pwd
import shutil
import subprocess

VERSION = "15"
LIB = pathlib.Path("/usr/lib/postgresql") / VERSION
SHARE = pathlib.Path("/usr/share/postgresql") / VERSION


def is_installed():
    return (LIB / "bin/postgres").exists()


def link_all(source, target, but=()):
    target.mkdir(parents=True)
    for entry in source.iterdir():
        if entry.name not in but:
            (target / entry.name).symlink_to(entry)


class Server:
    """Use it with `with`: it ends with that."""

    def __init__(self, folder, settings=()):
        self.folder = pathlib.Path(folder)
        self.settings = settings
        self.lib = self.folder / "tree/lib/postgresql" / VERSION / "lib"
        self.share = self.folder / "tree/share/postgresql" / VERSION
        self.bin = self.folder / "tree/lib/postgresql" / VERSION / "bin"
        self.data = self.folder / "data"
        self.process = None

    def as_postgres(self, *words, **options):
        user = pwd.getpwnam("postgres")
        words = [str(word) for word in words]
        return subprocess.run(
            words, user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd=self.folder,
            capture_output=True, text=True, timeout=120, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            **options,
        )  # fmt: skip

    def build_tree(self):
        link_all(LIB / "lib", self.lib)
        link_all(SHARE, self.share, but=["extension"])
        link_all(SHARE / "extension", self.share / "extension")
        self.bin.mkdir()
        for name in ("postgres", "initdb"):
            # By their place they know where everything else is.
            shutil.copy(LIB / "bin" / name, self.bin / name)

    def __enter__(self):
        self.build_tree()
        user = pwd.getpwnam("postgres")
        self.data.mkdir()
        os.chown(self.data, user.pw_uid, user.pw_gid)
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        # The way to a scratch folder may be closed to others.
        for parent in [self.folder, *self.folder.parents]:
            if not parent.stat().st_mode & 1 and parent.stat().st_uid == os.getuid():
                parent.chmod(parent.stat().st_mode | 0o11)
        made = self.as_postgres(
            self.bin / "initdb", "-D", self.data, "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-N")
        if made.returncode != 0:
            raise RuntimeError(made.stdout + made.stderr)
        words = [str(self.bin / "postgres"), "-D", str(self.data), "-k", str(self.folder), "-h", ""]
        for setting in ("fsync=off", "log_min_messages=warning", *self.settings):
            words += ["-c", setting]
        log = open(self.folder / "log", "w")
        self.process = subprocess.Popen(
            words, user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd=self.folder, stdout=log,
            stderr=log, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
        for _ in range(100):
            if self.sql("SELECT 1", check=False).returncode == 0:
                return self
            if self.process.poll() is not None:
                break
            self.process.poll() or __import__("time").sleep(0.1)
        raise RuntimeError((self.folder / "log").read_text())

    def __exit__(self, *_):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(2)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def install(self, library):
        """Puts an extension, three files, where the server finds it."""
        shutil.copy(library, self.lib)
        for file in library.parent.glob(f"{library.stem}*"):
            if file.suffix in (".control", ".sql"):
                shutil.copy(file, self.share / "extension")

    def psql(self, *words):
        return [
            "psql", "-h", str(self.folder), "-U", "postgres", "-d", "postgres", "-X", "-q", "-A", "-t",
            "-v", "ON_ERROR_STOP=1", *words,
        ]  # fmt: skip

    def sql(self, text, check=True, database=None, timeout=300):
        words = self.psql(*(["-d", database] if database else []))
        result = subprocess.run(words, input=text, capture_output=True, text=True, timeout=timeout)
        if check and result.returncode != 0:
            raise RuntimeError(f"{text:.300}\n{result.stderr:.1000}")
        return result

    def value(self, text):
        return self.sql(text).stdout.strip()

    def error(self, text):
        """The error of a statement that has to fail."""
        result = self.sql(text, check=False, timeout=30)
        if result.returncode == 0:
            raise RuntimeError(f"{text:.300}\nshould have failed, and gave {result.stdout:.300}")
        return result.stderr
