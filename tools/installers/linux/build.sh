#!/bin/sh
# Pack the program, with Python, Qt and Pango, as a Debian package and as an archive that runs from any folder.
set -eu
out=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
cd "$here/../../.."

"$out/venv/bin/pip" install -q --no-deps --no-build-isolation --force-reinstall .
"$out/venv/bin/pyinstaller" --noconfirm --log-level ERROR --workpath "$out/work" --distpath "$out" "$here/capacity-app.spec"
folder=$out/capacity-app
# What is compiled with its debugging symbols; libraries that were patched after they were linked stay as they are.
find "$folder/_internal" \( -name '*.cpython-*.so' -o -name '*.abi3.so' \) -size +1M -not -path '*/PySide6/*' -not -path '*/PIL/*' \
  -exec strip --strip-unneeded {} +

version=$("$out/venv/bin/python" -c 'import capacity_app; print(capacity_app.__version__)')
architecture=$(dpkg --print-architecture)
root=$out/package
rm -rf "$root" "$out"/capacity-app_* "$out"/capacity-app-* "$out/SHA256SUMS"
mkdir -p "$root/DEBIAN" "$root/usr/bin" "$root/usr/lib" "$root/usr/share/applications" "$root/usr/share/mime/packages" \
  "$root/usr/share/icons/hicolor/scalable/apps" "$root/usr/share/doc/capacity-app"
cp -a "$folder" "$root/usr/lib/"
ln -s ../lib/capacity-app/capacity-app "$root/usr/bin/capacity-app"
ln -s ../../../lib/capacity-app/LICENCES.txt "$root/usr/share/doc/capacity-app/copyright"
cp tools/installers/capacity-app.svg "$root/usr/share/icons/hicolor/scalable/apps/"
cat > "$root/usr/share/applications/capacity-app.desktop" <<'END'
[Desktop Entry]
Type=Application
Name=capacity-app
Comment=Assess national statistical capacity
Exec=capacity-app %f
Icon=capacity-app
Categories=Office;
MimeType=application/x-capacity-assessment;
StartupWMClass=capacity-app
END
cat > "$root/usr/share/mime/packages/capacity-app.xml" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="application/x-capacity-assessment">
    <comment>Assessment</comment>
    <icon name="capacity-app"/>
    <glob pattern="*.assessment"/>
  </mime-type>
</mime-info>
END
# What belongs to the graphics and the desktop of the computer is the only thing that does not come with the program.
cat > "$root/DEBIAN/control" <<END
Package: capacity-app
Version: $version
Architecture: $architecture
Maintainer: The maintainers of capacity-app <capacity-app@localhost>
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Depends: libc6 (>= $(dpkg-query -W -f '${Version}' libc6 | cut -d- -f1)), libegl1, libgl1, libxcb1, fontconfig-config
Recommends: libwayland-client0, libwayland-cursor0
Section: misc
Priority: optional
Description: Offline assessment of national statistical capacity
 Fill in, score, report and exchange assessments without a network.
 Python, Qt and Pango come with the program.
END
chmod -R go=rX,u+w "$root"
dpkg-deb --root-owner-group -Zxz --build "$root" "$out/capacity-app_${version}_$architecture.deb" >/dev/null
XZ_OPT="-6 -T0" tar -C "$out" --owner=0 --group=0 -cJf "$out/capacity-app-$version-linux-$architecture.tar.xz" capacity-app
rm -rf "$root"
cd "$out"
sha256sum capacity-app_* capacity-app-* > SHA256SUMS
du -sm capacity-app | awk '{print $1 " MB in the folder"}'
ls -l capacity-app_* capacity-app-*.tar.xz | awk '{printf "%.1f MB %s\n", $5 / 1e6, $9}'
