# SPDX-License-Identifier: MIT
"""npm's bip38 as a peer: what one EPK costs to open in node."""
import json
import os
import shutil
import subprocess

PACKAGE = "bip38@3.1.1"
EPK = "6PfQu77ygVyJLZjfvMLyhLMQbYnu5uguoJJ4kMCLqWwPEdfpwANVS76gTX"
PASSPHRASE = "TestingOneTwoThree"
SCRIPT = """
const bip38 = require('bip38');
const [epk, passphrase, rounds] = process.argv.slice(2);
for (let i = 0; i < Number(rounds); i++) {
	const began = process.cpuUsage();
	bip38.decrypt(epk, passphrase);
	const used = process.cpuUsage(began);
	console.log(JSON.stringify((used.user + used.system) / 1000));
}
"""


class Trouble(Exception):
    pass


def open_ms(build, rounds, may_install):
    """Milliseconds of each round; the package lies where tests/system/bip38-npm has it, too."""
    node = shutil.which("node")
    if not node:
        raise Trouble("there is no node")
    peers = build / "peers"
    if not (peers / "node_modules" / "bip38").is_dir():
        if not may_install or not shutil.which("npm"):
            raise Trouble("npm's bip38 is not installed")
        peers.mkdir(exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix",
                        str(peers), PACKAGE], capture_output=True, timeout=120)
    done = subprocess.run([node, "-", EPK, PASSPHRASE, str(rounds)], input=SCRIPT, capture_output=True, text=True,
                          env={**os.environ, "NODE_PATH": str(peers / "node_modules")})
    if done.returncode:
        raise Trouble("npm's bip38 does not run")
    return [json.loads(line) for line in done.stdout.splitlines()]
