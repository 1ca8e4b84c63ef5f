#!/bin/sh
# Run on the host by mmdebstrap(1) as a --customize-hook: makes the guest's root file system, $1, one
# that boots fast under emulation, has an ordinary user, and asks the host what to do. NODE is set.
set -eu
root=$1
install -m 755 "$NODE" "$root/usr/local/bin/node"
echo guest >"$root/etc/hostname"
printf '127.0.0.1 localhost guest\n' >"$root/etc/hosts"
printf '/dev/vda / ext4 defaults 0 1\n' >"$root/etc/fstab"
# Known now, so that systemd does not think this is the first boot (machine-id(5)).
tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"

# The learner: no password is asked for, and sudo runs commands on a terminal of its own.
chroot "$root" useradd -m -u 1000 -s /bin/bash learner
printf 'Defaults use_pty\nlearner ALL=(ALL) NOPASSWD: ALL\n' >"$root/etc/sudoers.d/learner"
chmod 440 "$root/etc/sudoers.d/learner"
# They log in over ssh as well, to this very machine, without being asked.
chroot "$root" su learner -c 'umask 077 && mkdir ~/.ssh && cd ~/.ssh &&
	ssh-keygen -q -t ed25519 -N "" -f id_ed25519 && cp id_ed25519.pub authorized_keys'

# Their systemd is there from the boot on, as with a desktop session that stays (loginctl(1)).
mkdir -p "$root/var/lib/systemd/linger"
touch "$root/var/lib/systemd/linger/learner" "$root/var/lib/systemd/linger/root"

# What a test machine does not need; the daemons are started by those who want them.
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service \
	fstrim.timer dpkg-db-backup.timer systemd-timesyncd.service man-db.timer logrotate.timer \
	getty@tty1.service getty.target serial-getty@ttyS0.service \
	docker.service docker.socket containerd.service lxc.service lxc-net.service lxc-monitord.service; do
	ln -sfn /dev/null "$root/etc/systemd/system/$unit"
done

# The agent comes from the host at each boot; the image only knows how to start it.
cat >"$root/etc/systemd/system/vm-agent.service" <<'UNIT'
[Unit]
Description=Asks the host what to do
After=multi-user.target systemd-user-sessions.service dbus.service
Wants=user@1000.service
[Service]
ExecStart=/bin/sh -c 'mkdir -p /run/vm && mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=none share /run/vm && exec bash /run/vm/agent.sh'
TasksMax=infinity
StandardOutput=journal+console
StandardError=journal+console
UNIT
ln -sfn ../vm-agent.service "$root/etc/systemd/system/multi-user.target.wants/vm-agent.service"
printf '9p\n9pnet_virtio\nvirtio_console\n' >"$root/etc/modules-load.d/vm.conf"

# A small initrd: unpacking the usual one takes long under emulation.
printf 'MODULES=list\nCOMPRESS=gzip\nRESUME=none\nFSTYPE=ext4\n' >"$root/etc/initramfs-tools/conf.d/vm.conf"
printf 'virtio_pci\nvirtio_blk\next4\n' >>"$root/etc/initramfs-tools/modules"
chroot "$root" update-initramfs -u -k all
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*
