#!/bin/sh
# Not tried: nobody has run this on a Mac yet. README.md beside it says what is needed.
# Write capacity-app.app and a .dmg into build/macos; with IDENTITY sign them, with PROFILE have them notarized.
set -eu
cd "$(dirname "$0")/../../.."
out=$PWD/build/macos
here=$PWD/tools/installers/macos
python=${PYTHON:-python3.12}

"$python" -m venv --clear "$out/venv"
pip="$out/venv/bin/python -m pip"
$pip install -q --require-hashes -r requirements.lock -r tools/requirements-build.lock -r tools/requirements-installer.lock
$pip install -q --no-deps --no-build-isolation .
packages=$("$out/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
pango=$packages/gstreamer_libs
version=$("$out/venv/bin/python" -c 'import capacity_app; print(capacity_app.__version__)')

# The wheel has each library twice, under two names. The program gets one file, by the name that other libraries ask for.
names="gobject-2.0 pango-1.0 pangoft2-1.0 harfbuzz harfbuzz-subset fontconfig"
binaries=
for name in $names; do
  library=$(basename "$(otool -D "$pango/lib/lib$name.dylib" | tail -1)")
  binaries="$binaries --add-binary $pango/lib/$library:."
done

"$out/venv/bin/python" -c 'import resvg_py, sys; open(sys.argv[1], "wb").write(bytes(resvg_py.svg_to_bytes(
    svg_path="tools/installers/capacity-app.svg", width=512)))' "$out/capacity-app.png"
sips -s format icns "$out/capacity-app.png" --out "$out/capacity-app.icns" >/dev/null
# shellcheck disable=SC2086 - several options
"$out/venv/bin/pyinstaller" --noconfirm --windowed --argv-emulation --name capacity-app --icon "$out/capacity-app.icns" \
  --osx-bundle-identifier org.capacity-app --workpath "$out/work" --distpath "$out" --specpath "$out" \
  --collect-data capacity_app --collect-submodules capacity_app --collect-data pyphen --hidden-import sqlite_utils \
  --add-data "$packages/docx/py.typed:docx/parts" --add-data "$pango/etc/fonts:etc/fonts" $binaries \
  --exclude-module pip --exclude-module setuptools --exclude-module tkinter --exclude-module PySide6.QtNetwork \
  --runtime-hook "$here/fontconfig_folder.py" "$packages/capacity_app/__main__.py"

app=$out/capacity-app.app
# WeasyPrint asks for the other name: a link, so that one library is not loaded twice.
for name in $names; do
  library=$(basename "$(otool -D "$pango/lib/lib$name.dylib" | tail -1)")
  ln -sf "$library" "$app/Contents/Frameworks/lib$name.dylib"
done
plutil -replace CFBundleShortVersionString -string "$version" "$app/Contents/Info.plist"
plutil -insert CFBundleDocumentTypes -json \
  '[{"CFBundleTypeName": "Assessment", "CFBundleTypeExtensions": ["assessment"], "CFBundleTypeRole": "Editor"}]' \
  "$app/Contents/Info.plist"
PYTHONPATH=$PWD "$out/venv/bin/python" - "$packages" "$app/Contents/Resources" <<'END'
import sys
from pathlib import Path

from tools.installers import sbom

sbom.write(Path(sys.argv[2]), sbom.python_components(Path(sys.argv[1])))
END

disk_image=$out/capacity-app-$version.dmg
if [ -n "${IDENTITY:-}" ]; then
  codesign --force --deep --timestamp --options runtime --entitlements "$here/entitlements.plist" --sign "$IDENTITY" "$app"
fi
hdiutil create -ov -volname capacity-app -srcfolder "$app" -format UDZO "$disk_image"
if [ -n "${IDENTITY:-}" ] && [ -n "${PROFILE:-}" ]; then
  codesign --timestamp --sign "$IDENTITY" "$disk_image"
  xcrun notarytool submit "$disk_image" --keychain-profile "$PROFILE" --wait
  xcrun stapler staple "$disk_image"
fi
shasum -a 256 "$disk_image"
