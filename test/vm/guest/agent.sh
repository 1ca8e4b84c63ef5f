# In the guest, as root: takes jobs from the host, one line each, through a virtio port, and says
# when they have ended. A job is a folder of the shared directory: `script`, `as` (user, terminal,
# seconds); what it prints goes to `log`, what it leaves in $OUT to `out/`.
exec 3<>/dev/virtio-ports/jobs
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
checkout=/srv/tsinternals

# The checkout is copied, so that it can be written to; node_modules is large and shows through.
prepare() {
	local nine=trans=virtio,version=9p2000.L,msize=524288,ro,cache=loose
	mkdir -p $checkout/node_modules /run/modules /var/modules/{upper,work}
	tar -C $checkout -xf /run/vm/checkout.tar
	mount -t 9p -o $nine modules /run/modules
	mount -t overlay -o lowerdir=/run/modules,upperdir=/var/modules/upper,workdir=/var/modules/work \
		modules $checkout/node_modules
	find $checkout -path $checkout/node_modules -prune -o -exec chown learner: {} +
	chown learner: /var/modules/upper
	for _ in $(seq 300); do
		systemctl -q is-active user@1000.service && return
		sleep 0.2
	done
	echo "the user's systemd did not come up"
}

# A login as by ssh or at a console: PAM makes a session scope below user.slice (pam_systemd(8)).
run() {
	local folder=/run/vm/jobs/$1 user terminal seconds
	read -r user terminal seconds <"$folder/as"
	local out=/var/tmp/out-$1 command="bash $folder/script"
	install -d -o "$user" "$out"
	case $terminal in
	pty) command="script -qec '$command' /dev/null" ;;
	# The server makes the terminal and a session of its own (sshd(8), pam_systemd(8)).
	ssh) command="ssh -tt -q -o StrictHostKeyChecking=accept-new 127.0.0.1 '
		export LANG=C.UTF-8 OUT=$out PATH=$PATH; cd $checkout && $command'" ;;
	esac
	timeout --kill-after=10 "$seconds" su -l "$user" -c "
		export LANG=C.UTF-8 OUT=$out PATH=$PATH; cd $checkout && $command" \
		>"$folder/log" 2>&1 </dev/null
	local status=$?
	# Whatever a job has left running goes with its session.
	systemctl stop 'session-*.scope' 2>/dev/null
	cp -r "$out" "$folder/out"
	return $status
}

prepare
echo "up" >&3
while read -r id <&3; do
	run "$id"
	echo "done $id $?" >&3
done
