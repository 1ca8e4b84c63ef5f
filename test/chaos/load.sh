# What a lesson may leave running, and worse. Sourced by sh(1) in the lab; each part that is up says
# `up PART`. Nothing here ends by itself, and nothing minds SIGTERM.
exec 2>/dev/null
mkdir -p /tmp/load && cd /tmp/load

forever='trap "" TERM HUP INT; while :; do sleep 3; done'

daemons() { # twice forked, in sessions of their own, deaf to SIGTERM
	for i in 1 2 3; do (setsid sh -c "($forever) & exit 0" &); done
	echo up daemons
}

nested_pids() { # a pid namespace in a pid namespace
	unshare -pf --mount-proc sh -c "unshare -pf sh -c '$forever' & $forever" &
	sleep 0.05
	[ "$(cat /proc/$!/task/$!/children)" ] && echo up nested_pids
}

frozen() { # v1: a frozen task does not die of SIGKILL; one of them is PID 1 of a pid namespace
	if [ -w /sys/fs/cgroup/freezer ]; then
		group=/sys/fs/cgroup/freezer/frozen/deeper file=freezer.state word=FROZEN
	else
		group=/sys/fs/cgroup/frozen/deeper file=cgroup.freeze word=1
	fi
	mkdir -p $group || return
	sleep 1000 &
	echo $! > $group/cgroup.procs || return
	unshare -pf sleep 1000 &
	sleep 0.02
	echo $! > $group/cgroup.procs
	echo "$(cat /proc/$!/task/$!/children)" > $group/cgroup.procs
	echo $word > $group/$file && echo up frozen
}

nested_cgroups() { # five deep in every hierarchy, each with a process
	made=
	for root in /sys/fs/cgroup /sys/fs/cgroup/*/; do
		[ -f $root/cgroup.procs ] || continue
		path=$root
		for i in 1 2 3 4 5; do
			path=$path/deep$i
			mkdir $path || break
			cat $root/cpuset.cpus > $path/cpuset.cpus
			cat $root/cpuset.mems > $path/cpuset.mems
			sleep 1000 &
			echo $! > $path/cgroup.procs && made=yes
		done
	done
	[ "$made" ] && echo up nested_cgroups
}

overlay() { # with an open file and a working directory in it, here and in a namespace of its own
	mkdir lower upper work merged
	echo below > lower/file
	mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged || return
	echo above > merged/file
	(cd merged && exec sleep 1000 9<file) &
	unshare -m sh -c "mount -t tmpfs deeper merged && cd merged && $forever" &
	echo up overlay
}

links() { # a bridge, and two network namespaces behind it: one with a process, one without
	ip link add br0 type bridge && ip link set br0 up || return
	for i in 1 2; do
		ip netns add net$i && ip link add veth$i type veth peer name eth0 netns net$i || return
		ip link set veth$i master br0 up
	done
	ip netns exec net1 sh -c "$forever" &
	echo up links
}

rules() { # nftables and what came before it
	nft 'add table ip chaos; add chain ip chaos nat { type nat hook postrouting priority 100 ; };
		add rule ip chaos nat masquerade' && echo up rules_nft
	iptables-legacy -t nat -A POSTROUTING -j MASQUERADE && echo up rules_legacy
}

loop_nodes() { # the lab has none of its own; mknod(1) makes the host's
	[ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
	for i in 0 1 2 3 4 5 6 7; do [ -e /dev/loop$i ] || mknod /dev/loop$i b 7 $i; done
}

loop() { # detaches itself when its mount goes (autoclear)
	loop_nodes
	truncate -s 4M "$CHAOS_MARK.auto" && mkfs.ext4 -q "$CHAOS_MARK.auto" && mkdir -p ext4 || return
	mount -o loop "$CHAOS_MARK.auto" ext4 && (cd ext4 && exec sleep 1000) &
	sleep 0.05
	mountpoint -q ext4 && echo up loop
}

loop_raw() { # stays bound to its file, and so keeps the file system that the file is on
	loop_nodes
	truncate -s 1M "$CHAOS_MARK.raw" && losetup -f "$CHAOS_MARK.raw" && echo up loop_raw
}

container() { # made by hand, of what the lab itself is made of: one that runs, one that is stopped
	mkdir byhand && for name in /bin /sbin /lib*; do cp -d $name byhand; done
	mkdir -p byhand/usr byhand/proc byhand/sys byhand/dev byhand/tmp && mount --bind /usr byhand/usr || return
	/run/tsi/bin/container run --rootfs=$PWD/byhand -- /bin/sh -c "$forever" &
	/run/tsi/bin/container run --rootfs=$PWD/byhand --name=stopped --stop-after=pivot_root -- /bin/true &
	sleep 0.1
	[ "$(cat /proc/$!/task/$!/children)" ] && echo up container
}

docker() { # one container that serves, one that is paused
	command docker -H unix:///run/docker.sock "$@"
}

start_docker() {
	mkdir -p image/bin && cp "$(command -v busybox)" image/bin/busybox && ln -s busybox image/bin/sh
	dockerd --data-root /var/lib/docker --exec-root /run/docker -H unix:///run/docker.sock \
		--pidfile /run/docker.pid --storage-driver overlay2 > /tmp/dockerd.log 2>&1 &
	until docker version > /dev/null; do sleep 0.1; done
	echo up dockerd
	tar -C image -c . | docker import - image > /dev/null || return
	docker run -d -p 8080:80 image /bin/busybox httpd -f -p 80 > /dev/null && echo up docker_run
	docker run -d --name paused image /bin/busybox sleep 1000 > /dev/null &&
		docker pause paused > /dev/null && echo up docker_pause
}

for part in $CHAOS_LOAD; do
	if [ $part = docker ]; then start_docker & else $part & fi
done
wait
