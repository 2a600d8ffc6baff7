/* SPDX-License-Identifier: MIT */
#include "daemon/fault_table.h"

const struct fault fault_table[] = {
	/* for codes that the table lacks; must be the first row */
	{"unknown", FAULT_HOLDS, "fault without a name",
		"The device reports a fault that this program does not know.",
		"Look at the device's own panel and clear the fault there."},

	/* by people and the service */
	{"operator", FAULT_HOLDS, "by an operator", "A person gave this command.",
		"Go on when the work may go on."},
	{"service-start", FAULT_HOLDS, "service start",
		"The service has started; stations begin stopped.",
		"See that the station is clear, then start it."},
	{"service-stop", FAULT_HOLDS, "service stop", "The service was stopped.",
		"Start the service. When a job was under way, look at the part and "
		"settle its wallet."},
	{"idle", FAULT_HOLDS, "ready to start", "The station is ready.",
		"Start it when the work may begin."},
	{"aborted", FAULT_ABORTS, "aborted", "The station was aborted.",
		"See that the station is safe."},

	/* operators */
	{"nobody-here", FAULT_SUSPENDS, "nobody is signed on",
		"No operator is signed on at the station, and it does not work without.",
		"Scan your badge at it, or give `keylinectl station signon STATION NAME' at a "
		"terminal."},
	{"code-unknown", FAULT_HOLDS, "unknown badge or PIN",
		"A badge or PIN that is nobody's here was shown; it was counted.",
		"Show your own once more; if it is not known, have a supervisor see "
		"keylinectl operator list."},
	{"code-unread", FAULT_HOLDS, "badge not readable",
		"A badge was read, but not as a whole.", "Scan it again."},
	{"badge-later", FAULT_HOLDS, "badge during a job",
		"A badge was read while a wallet is at work; who stands here stays until "
		"it is done.",
		"Wait until the wallet is done, then scan the badge again."},
	{"sign-on-locked", FAULT_HOLDS, "sign-on locked",
		"Five badges that are nobody's here were scanned at the station; for a minute "
		"its scanner looks at none.",
		"See who is there and why. Whose badge is lost: keylinectl operator remove "
		"NAME."},
	{"name-locked", FAULT_HOLDS, "guesses at a name",
		"Too many wrong PINs or badges of this operator were given by command; for a "
		"minute none is looked at from that account. Scanned badges count all the "
		"same.",
		"See in the service's log whose account gave `station signon', and ask why. An "
		"operator who forgot his PIN: keylinectl operator remove NAME, then enrol him "
		"anew."},

	/* etchers */
	{"door-open", FAULT_HOLDS, "door open", "The enclosure's door is open.",
		"Close the door. Afterwards scan serial and address anew: what was scanned "
		"before counts no more."},
	{"e-stop", FAULT_ABORTS, "emergency stop", "The emergency stop is pressed.",
		"Make the machine safe and release the emergency stop."},
	{"interlock", FAULT_HOLDS, "interlock open", "A safety interlock is open.",
		"Close the interlock."},
	{"no-part", FAULT_HOLDS, "no part in the fixture",
		"The fixture is empty, or its sensor does not see the part.",
		"Put the part that is next in the fixture. Afterwards scan it, or give the "
		"setup mark again."},
	{"not-armed", FAULT_HOLDS, "laser not armed", "The laser is not armed.",
		"Arm the laser at its panel."},
	{"manual", FAULT_HOLDS, "device in manual mode",
		"The device is switched to manual.", "Switch it to automatic."},
	{"laser-off", FAULT_HOLDS, "laser not enabled",
		"The laser is not enabled at the machine.",
		"Enable the laser (key switch, shutter)."},
	{"laser-source", FAULT_HOLDS, "laser source fault",
		"The laser source reports a fault.",
		"See the machine's own panel; when it happens again, have it serviced."},
	{"scanner", FAULT_HOLDS, "mirror fault", "The laser's mirrors report a fault.",
		"See the machine's own panel; when it happens again, have it serviced."},
	{"heartbeat-lost", FAULT_HOLDS, "heartbeat lost",
		"The machine lost the daemon's heartbeat and made itself safe.",
		"Check cable and load of this host."},
	{"power-lost", FAULT_HOLDS, "power was lost", "The machine lost its power.",
		"See why. When a job was under way, look at the part and settle its "
		"wallet."},
	{"not-ready", FAULT_HOLDS, "machine not ready",
		"The machine is not ready for a job.",
		"See its panel; switch it to automatic."},
	{"fault-latched", FAULT_HOLDS, "fault not acknowledged",
		"The machine keeps a fault until it is acknowledged.",
		"See that its cause is gone and the machine is safe: the station's next "
		"unhold, start, clear or reset acknowledges it."},
	{"cause-present", FAULT_HOLDS, "cause still there",
		"The cause of the machine's fault is still there.",
		"Remove the cause, then clear the fault at its panel."},
	{"not-erased", FAULT_HOLDS, "old job not erased",
		"The machine did not erase the job that it held.",
		"See the machine's own panel; when it happens again, have it serviced."},
	{"bad-length", FAULT_HOLDS, "job of wrong length",
		"The machine refused the length of a job; nothing was marked.",
		"Check that profile, driver and machine fit each other."},
	{"incomplete", FAULT_HOLDS, "job incomplete",
		"The machine did not get all of a job; nothing was marked.",
		"Check the cable."},
	{"bad-data", FAULT_HOLDS, "job not understood",
		"The machine did not understand a job; nothing was marked.",
		"Check that profile, driver and machine fit each other."},
	{"not-loaded", FAULT_HOLDS, "no job loaded",
		"The machine holds no job where one was loaded; nothing was marked.",
		"Check that profile, driver and machine fit each other."},
	{"not-loading", FAULT_HOLDS, "machine takes no job",
		"The machine did not begin to take a job; nothing was marked.",
		"See its panel; switch it to automatic."},
	{"wrong-job", FAULT_HOLDS, "another job",
		"The machine holds another job than the one that was loaded.",
		"Find out who else uses the machine."},
	{"job-used", FAULT_HOLDS, "job number used",
		"The machine has seen the number of this job before.",
		"Find out who else uses the machine; the ledger of this host may be an "
		"old one."},
	{"arm-expired", FAULT_HOLDS, "not started in time",
		"The job was not started in time; nothing was marked.",
		"Check the load of this host."},
	{"wrong-token", FAULT_HOLDS, "start refused",
		"The machine refused the start: what was to be started is not what it "
		"holds.",
		"Check that profile, driver and machine fit each other."},
	{"code-mismatch", FAULT_HOLDS, "machine holds other data",
		"What the machine holds is not what was sent; nothing was marked.",
		"Check cable and settings."},
	{"counter", FAULT_HOLDS, "counter out of step",
		"The machine's counter of marks is not what it should be.",
		"When a job was under way, look at the part and settle its wallet. Find "
		"out who else uses the machine."},
	{"counter-end", FAULT_HOLDS, "counter at its end",
		"The machine's counter of marks cannot count one more; nothing was marked.",
		"Have the machine's maker set its counter back, then take it as it is with "
		"two persons (keylinectl station rearm)."},
	{"counter-unknown", FAULT_HOLDS, "marks not in the ledger",
		"The machine's counter of marks, or its last job, is not what this host's "
		"ledger knows; nothing was marked now.",
		"The ledger may be one that was put back, or somebody else has marked. "
		"Compare the plates that are there with the ledger, and have the other "
		"country send a file, or compare its head: keylinectl ledger verify. "
		"Two persons then take the machine's counter as it is (keylinectl station "
		"rearm)."},
	{"refused-yet-started", FAULT_HOLDS, "refused, yet busy",
		"The machine refused a start and began nevertheless.",
		"Look at the part; two persons settle its wallet. Have the machine "
		"serviced."},
	{"no-mirror", FAULT_HOLDS, "start not acknowledged",
		"The machine did not acknowledge the start.",
		"Look at the part; two persons settle its wallet."},
	{"not-started", FAULT_HOLDS, "did not start",
		"The machine acknowledged the start and was not seen to begin.",
		"Look at the part; two persons settle its wallet."},
	{"busy-limit", FAULT_HOLDS, "marking too long",
		"The machine marked for longer than it may.",
		"Look at the part; two persons settle its wallet. See the machine's "
		"panel."},
	{"no-done", FAULT_HOLDS, "end not told",
		"The machine stopped without saying that it was done.",
		"Look at the part; two persons settle its wallet."},
	{"partial", FAULT_HOLDS, "marked in part",
		"The machine was interrupted in a mark.",
		"Look at the part; two persons settle its wallet as spoiled."},
	{"device-code", FAULT_HOLDS, "fault number not known",
		"The machine reports a number that its profile does not name.",
		"Check that profile, driver and machine fit each other."},
	{"laser-fault", FAULT_HOLDS, "laser fault", "The laser reports a fault.",
		"Clear the fault at the laser's panel."},
	{"readback", FAULT_HOLDS, "read back differs",
		"What was read back from the device is not what was sent; nothing was "
		"marked.",
		"Check cable and settings."},
	{"counter-mismatch", FAULT_HOLDS, "counter differs",
		"The device's counter did not grow by one over the job.",
		"Look at the part; two persons settle its wallet. Find out who else uses "
		"the device."},

	/* printers */
	{"media-empty", FAULT_HOLDS, "no labels left", "The printer is out of labels.",
		"Load labels."},
	{"media-jam", FAULT_HOLDS, "labels jammed", "Labels are jammed in the printer.",
		"Clear the jam, and account for every label that came out."},
	{"media-wrong", FAULT_HOLDS, "other labels loaded",
		"The loaded labels are not those of the configuration.",
		"Load the configured labels."},
	{"ribbon-empty", FAULT_HOLDS, "no ribbon left", "The printer is out of ribbon.",
		"Change the ribbon, and log that the old one was destroyed."},
	{"cover-open", FAULT_HOLDS, "cover open", "The printer's cover is open.",
		"Close the cover."},
	{"paused", FAULT_HOLDS, "printer paused", "The printer is paused at its panel.",
		"Resume it at its panel."},
	{"wrong-pin", FAULT_HOLDS, "another certificate",
		"The printer's certificate is not the pinned one: it may be another "
		"device.",
		"Find out why before anything else. When the certificate was changed on "
		"purpose, set the new pin in the configuration and restart the service."},
	{"printer-missing", FAULT_HOLDS, "printer not reachable",
		"The printer does not answer at its address.",
		"Check its power, its cable, and the station's uri."},
	{"output-full", FAULT_HOLDS, "printer's output full",
		"The printer's output is full or missing.",
		"Take the labels out, and account for each."},
	{"not-accepting", FAULT_HOLDS, "printer takes no jobs",
		"The printer is set to take no new jobs.",
		"Let it accept jobs at its panel."},
	{"no-tls", FAULT_HOLDS, "printer without TLS",
		"Something answers at the printer's address, but not in TLS.",
		"Find out what it is; secrets are sent over TLS only."},
	{"not-supported", FAULT_HOLDS, "printer lacks a feature",
		"The printer lacks something that stickers need.",
		"See keylinectl log; use another printer or other settings."},
	{"not-permitted", FAULT_HOLDS, "printer refuses us",
		"The printer does not let this host print.",
		"Set the printer to accept this host."},
	{"one-sided", FAULT_HOLDS, "layers not counted",
		"The printer printed another number of labels than two.",
		"Look for the labels; two persons settle its wallet."},
	{"does-not-fit", FAULT_HOLDS, "label does not fit",
		"What stands on a label does not fit its media.",
		"Set larger media or a higher resolution."},
	{"bad-content", FAULT_HOLDS, "content not printable",
		"A label's content cannot be printed; nothing was sent.",
		"See the batch; ask its sender."},
	{"job-aborted", FAULT_HOLDS, "job aborted by the printer",
		"The printer aborted the job; its label may have been printed.",
		"Look for the label; two persons settle its wallet."},
	{"not-completed", FAULT_HOLDS, "job did not complete",
		"The printer did not complete the job in time; its label may have been "
		"printed.",
		"Look for the label; two persons settle its wallet."},
	{"not-found", FAULT_HOLDS, "job not known",
		"The device does not know the job any more.",
		"Look at the part; two persons settle its wallet."},
	{"label-unreadable", FAULT_HOLDS, "label does not read back",
		"A drawn label does not read back as what it should say; it was not "
		"sent.",
		"Check the station's media and dpi."},
	{"job-canceled", FAULT_HOLDS, "job canceled at the printer",
		"The job was canceled at the printer; its label may have been printed.",
		"Look for the label; two persons settle its wallet."},
	{"impressions", FAULT_HOLDS, "labels counted differ",
		"The printer says that it is done, but not that two labels came out.",
		"Count the labels; two persons settle the wallet."},

	/* links and drivers */
	{"starting", FAULT_SUSPENDS, "driver starting", "The driver is starting.",
		"Wait; the station goes on by itself."},
	{"offline", FAULT_HOLDS, "device offline", "The device does not answer.",
		"Check its power and cable."},
	{"device-error", FAULT_HOLDS, "device error",
		"The device's driver ended because of the device.",
		"Check cable and settings."},
	{"link", FAULT_HOLDS, "link failed", "The link to the device failed.",
		"Check its power and cable."},
	{"device", FAULT_HOLDS, "device fault", "The device reports a fault.",
		"See the device's own panel."},
	{"device-reset", FAULT_HOLDS, "device was reset",
		"The device was reset while it was in use.",
		"When a job was under way, look at the part and settle its wallet."},
	{"stalled", FAULT_HOLDS, "device stalled",
		"The device answers, but does not go on, or another program drives it.",
		"Look for another program that has it; see its panel; switch it off and "
		"on when it stays so."},
	{"io", FAULT_HOLDS, "input or output failed",
		"The driver could not read or write.",
		"Check the device's cable, and the disk of this host."},
	{"no-memory", FAULT_HOLDS, "out of memory", "This host has too little memory.",
		"See what uses it up."},
	{"device-absent", FAULT_HOLDS, "device not there",
		"The device's line cannot be opened.",
		"Plug it in; check the path in the configuration."},
	{"device-gone", FAULT_HOLDS, "device unplugged", "The device's line was lost.",
		"Plug it in again."},
	{"device-replugged", FAULT_HOLDS, "device plugged in anew",
		"The device's line went and came again; its driver is started anew, since "
		"none may open another line than it began with.",
		"Wait a moment. When it happens again, see whether the plug is loose."},
	{"device-locked", FAULT_HOLDS, "device in use",
		"Another program has the device's line.", "End the other program."},
	{"wrong-device", FAULT_HOLDS, "another device",
		"The device is not the configured one.",
		"Connect the right device; or correct device_serial in the configuration "
		"and restart the service."},
	{"bad-profile", FAULT_HOLDS, "profile not usable",
		"The device's profile file is not valid.",
		"Correct the profile that the configuration names, then restart the "
		"service."},
	{"lock-held", FAULT_HOLDS, "station in use",
		"Another program drives this station's device: after a restart the driver "
		"of the run before, which brings its job to an end.",
		"Wait, and end nothing while the device works: such a driver ends by "
		"itself after its job, and the device is asked what became of it. What "
		"still holds the device when it has stood still for ten minutes is "
		"another host's, or is stuck: stop that one, see keylined(8), FILES."},
	{"busy", FAULT_SUSPENDS, "device busy", "The device is busy with other work.",
		"Wait, or end that work at the device; the station goes on by itself."},
	{"wrong-kind", FAULT_HOLDS, "job of another kind",
		"The driver does not make what the job asks for.",
		"Check the station's kind and the driver's version."},
	{"driver-missing", FAULT_HOLDS, "driver missing",
		"The driver program cannot be run.",
		"Install the driver, or correct `drivers' in the configuration and "
		"restart the service."},
	{"driver-usage", FAULT_HOLDS, "driver refuses its options",
		"The driver ended because of its options or of a line that it was sent.",
		"Check the station's keys in the configuration, and that driver and "
		"daemon are of one version."},
	{"driver-died", FAULT_HOLDS, "driver ended",
		"The station's driver ended without being told to; it is started again.",
		"When a job was under way, the device is asked what became of it: see "
		"whether its wallet is in doubt."},
	{"driver-silent", FAULT_HOLDS, "driver silent",
		"The station's driver did not answer in time; it is started again.",
		"When a job was under way, the device is asked what became of it: see "
		"whether its wallet is in doubt."},
	{"bad-line", FAULT_HOLDS, "driver talks nonsense",
		"The station's driver sent what is no driver line, or not in its place; "
		"it is started again.",
		"Check that driver and daemon are of one version."},
	{"wrong-hello", FAULT_HOLDS, "driver of another kind",
		"The driver's first line is not that of a driver of this kind and "
		"protocol.",
		"Check that driver and daemon are of one version."},
	{"timeout", FAULT_HOLDS, "no answer in time", "A job did not end in its time.",
		"Look at the part and the device. When the job was under way, settle its "
		"wallet."},
	{"cancelled", FAULT_HOLDS, "job given up",
		"The job was given up before it began; nothing was marked.",
		"Nothing is to be done."},
	{"internal", FAULT_HOLDS, "fault in the driver",
		"The driver could not go on for a reason of its own.",
		"See the driver's version, and report it."},

	/* scanners */
	{"scan-too-long", FAULT_HOLDS, "scan too long",
		"A code was longer than any of this line.",
		"Look at the code. Afterwards scan again."},
	{"scan-not-text", FAULT_HOLDS, "scan not readable",
		"A code held other bytes than text.",
		"Look at the code. Afterwards scan again."},
	{"scan-incomplete", FAULT_HOLDS, "scan incomplete", "A code came in part only.",
		"Look at the code. Afterwards scan again."},

	{"scan-ignored", FAULT_HOLDS, "scan not taken",
		"A code was scanned while the station was still at work; it was not taken.",
		"Scan the part again when the station waits for it."},

	/* work */
	{"no-work", FAULT_SUSPENDS, "no work", "There is no wallet to work on.",
		"Nothing is to be done; the station goes on when there is work."},
	{"blocked", FAULT_SUSPENDS, "next place is full",
		"A wallet that was etched before is not sealed yet.",
		"Put its strip on and scan it at the sealing station; this station then goes "
		"on by itself. Scan this card again afterwards."},
	{"wrong-part", FAULT_HOLDS, "scan does not fit",
		"What was scanned is no wallet of this host.",
		"Take the part out and find out what it is."},
	{"not-a-serial", FAULT_HOLDS, "no serial",
		"What was scanned is not a serial of this line.",
		"Look for the code of the serial; when the part has none, set it aside. "
		"Afterwards scan that code."},
	{"lower-layer", FAULT_HOLDS, "lower layer alone",
		"What was scanned is the mark of a sticker's lower layer (it ends with /L); "
		"that layer alone is no wallet.",
		"Look for the serial on the upper layer; when the part has none, set it aside. "
		"Afterwards scan that serial."},
	{"not-an-address", FAULT_HOLDS, "no serial or address",
		"What was scanned is neither a serial of this line nor an address; it was "
		"not taken.",
		"Scan the serial and the address on the part."},
	{"part-early", FAULT_HOLDS, "not here yet",
		"The scanned wallet has not passed the station before this one.",
		"Take it there first; `keylinectl wallet show' tells how far it is."},
	{"part-past", FAULT_HOLDS, "was here before",
		"The scanned wallet has passed this station already; it is not done twice.",
		"Take it on to the next station. If another part has the same serial, keep "
		"both and call a supervisor."},
	{"not-checked", FAULT_HOLDS, "being verified",
		"The scanned wallet's confirmation is here, and is not checked yet.",
		"Wait a moment. When it lasts, the status tells what the checking waits for. "
		"Afterwards scan it again."},
	{"not-confirmed", FAULT_HOLDS, "not verified yet",
		"The scanned wallet was not verified yet.",
		"Set it aside. Afterwards scan another part; this one again when its batch's "
		"confirmations are in and checked."},
	{"out-of-play", FAULT_HOLDS, "wallet out of play",
		"The scanned wallet is rejected, spoiled, missing, void, opened or in doubt.",
		"Set the part aside; `keylinectl wallet show' tells why."},
	{"scan-again", FAULT_HOLDS, "scan again",
		"The door was opened after a scan; what was scanned counts no more.",
		"Close the door. Afterwards scan serial and address again."},
	{"layers-differ", FAULT_HOLDS, "layers of two stickers",
		"The two layers that were scanned have different serials.",
		"Take both parts out and find their right halves; what was scanned is "
		"forgotten. Afterwards scan both layers of each again."},
	{"wrong-address", FAULT_HOLDS, "address does not belong",
		"The scanned address is not that of the scanned serial.",
		"Set the wallet aside: it is rejected, and its batch is held. See why with "
		"`keylinectl batch show'."},
	{"typed-differs", FAULT_HOLDS, "typed address differs",
		"The typed end of the address is not that of the typed serial's wallet.",
		"Compare both with the part, and type both again once the station goes on; the "
		"same end typed once more rejects the wallet and holds its batch."},
	{"counter-taken", FAULT_HOLDS, "count taken",
		"Two persons have taken the machine's count of marks as it is.",
		"See that the machine is clear."},
	{"doubt-settled", FAULT_HOLDS, "doubt settled",
		"The wallet that was in doubt here has been settled by two persons.",
		"See that its part is out of the machine."},
	{"in-doubt", FAULT_HOLDS, "outcome not known",
		"It is not known whether the wallet was marked, or printed.",
		"Look at the part; two persons settle it with `keylinectl wallet "
		"resolve'; keylinectl(1) lists the codes of its --reason. Its station goes on "
		"only then."},
	{"job-open", FAULT_HOLDS, "job not settled",
		"Driver or daemon ended while this job was under way, and the device was "
		"not asked yet what became of it.",
		"Let the device come back; it is asked by itself. When it is gone for "
		"good, look at the part; two persons settle it with `keylinectl wallet "
		"resolve'."},
	{"batch-held", FAULT_HOLDS, "batch held", "The batch is held.",
		"See the batch's reason, and unhold the batch first; two persons let a frozen "
		"one go (keylinectl batch unfreeze)."},
	{"check-failed", FAULT_HOLDS, "check failed",
		"The wallet's passphrase, confirmation code, public key and addresses do "
		"not agree.",
		"Set the wallet aside; it is rejected. Look at its batch before going "
		"on."},
	{"check-impossible", FAULT_HOLDS, "check not possible",
		"The wallet cannot be checked: a key or a row that it needs is missing.",
		"See that the key folder and the batch's files are there."},
	{"not-drawn", FAULT_HOLDS, "draw first",
		"The wallets to be opened were not drawn yet.",
		"Draw them with `keylinectl batch draw'."},
	{"row-unreadable", FAULT_HOLDS, "row not readable",
		"A sealed row cannot be opened: it is for another key, or altered.",
		"See which key the batch was made for; ask the sender for the file "
		"again."},
	{"row-missing", FAULT_HOLDS, "file missing",
		"The file that holds this wallet's sealed row is not where it was taken in, or "
		"is no plain file any more.",
		"See its name with keylinectl batch show, put that very file back, and remove "
		"whatever else has its name."},
	{"secure-disk", FAULT_HOLDS, "not the secure disk",
		"The secure disk is not there, or not the configured one.",
		"Attach the disk that the configuration names."},
	{"no-key", FAULT_HOLDS, "key missing",
		"A key that the work needs is not in the key folder.",
		"Make it: `keylinectl key new NAME'; another host's: bring its certificate, "
		"`keylinectl batch import'."},
	{"stage-failed", FAULT_HOLDS, "stage failed", "A stage could not do its work.",
		"See the batch's reason and the log."},
	{"stage-held", FAULT_HOLDS, "batch stopped at work",
		"A stage was at work on this batch when it was held, frozen or made void: what it "
		"had made is thrown away, and nothing of it went out.",
		"Nothing is to be done for that. See the batch's reason (keylinectl batch show); "
		"when it is let go it is made anew by itself."},
	{"code-reused", FAULT_HOLDS, "code seen before",
		"An intermediate code or serial was used before; one opened wallet would "
		"open another.",
		"Refuse the batch and ask its sender."},
	{"random", FAULT_ABORTS, "random numbers fail",
		"The random generator failed its checks; no secret is made with it.",
		"Restart the host. When it happens again, take the host out of use."},
	{"wallet-rejected", FAULT_HOLDS, "wallet rejected",
		"A wallet was rejected: its data do not agree.",
		"Set its part aside; it counts as rejected and is destroyed."},
	{"ledger", FAULT_HOLDS, "ledger failed",
		"The ledger could not be written; nothing is begun without it.",
		"Check the disk, then restart the service: nothing is tried again before. "
		"Verify the ledger afterwards with `keylinectl ledger verify'."},
	{"ledger-full", FAULT_HOLDS, "ledger stopped, disk full",
		"This folder's disk was full at the one moment that cannot be tried again; "
		"nothing is begun before the next start.",
		"Make room on it, then restart the service; what was cut off is done then, and "
		"nothing twice."},
	{"other-mark", FAULT_HOLDS, "two work as this host",
		"The ledger's high-water mark is not the one that this service wrote last: another "
		"one works as this host with a copy of its state, or somebody put the mark back. "
		"Nothing is begun any more.",
		"Stop work. Find every keylined that has this host's name or its highwater folder, "
		"on other machines too, and stop all of them; two people compare what each has made. "
		"Then one alone is started: that whose ledger fits the mark (the others say "
		"rolled-back)."},

	/* persons */
	{"request-waits", FAULT_HOLDS, "waits for a second person",
		"One person has asked for an act of two; nothing is done before another one has "
		"signed for it, too.",
		"Another supervisor reads it and signs: `keylinectl approve REQUEST'. Left alone, it "
		"ends after an hour."},
	{"persons-changed", FAULT_HOLDS, "persons changed by root",
		"The administrator alone has changed whose signatures count, though two persons "
		"had been enrolled.",
		"Find out why. Compare the fingerprints with their owners: `keylinectl person "
		"list'; then acknowledge it."},

	/* files and ledger */
	{"file-refused", FAULT_HOLDS, "file refused",
		"A file was refused; nothing of it was taken.",
		"Do what NAME.result.txt beside it in failed/ says."},
	{"file-duplicate", FAULT_HOLDS, "file taken before",
		"A file was taken before and is not taken again.",
		"Nothing is lost; NAME.result.txt beside it in duplicate/ tells when it was taken."},
	{"file-growing", FAULT_HOLDS, "file still growing",
		"A file in incoming/ is not at rest: it is still being copied.",
		"Wait for the copy to end; when nothing copies it, remove it and drop it "
		"again."},
	{"not-a-file", FAULT_HOLDS, "no file",
		"A folder, a link or another thing that is no plain file lies in incoming/; it "
		"is not touched.",
		"Take it away. Drop the files themselves, not a folder or a link to them."},
	{"not-shipped", FAULT_HOLDS, "not in the shipment",
		"The shipment list does not name the scanned wallet.",
		"Set the part aside. Take in the shipment file, or ask the sender."},
	{"file-waiting", FAULT_HOLDS, "file waits",
		"A file waits for the one before it, of the same sender and kind.",
		"Bring the file before it; its sender can give it out again. This one is then "
		"taken by itself. Only when that one is lost for good two persons skip it, and "
		"say which part of which batch it was (keylinectl batch skip)."},
	{"spool-crowded", FAULT_HOLDS, "too much in incoming",
		"Over 20,000 names lie in the spool's incoming/: to look through them takes "
		"long, and not each of them may be seen.",
		"Take out what is not to be taken: *.part and *.tmp that were left behind, "
		"names that begin with a dot, folders, and files that wait for one that does "
		"not come."},
	{"outgoing-taken", FAULT_HOLDS, "name is taken",
		"A file that was made cannot be given out: another one with other bytes has its "
		"name.",
		"Carry that other file away, out of the spool's outgoing/ (or the secure disk); "
		"this one then comes there by itself. Find out who put it there."},
	{"batch-frozen", FAULT_HOLDS, "batch frozen elsewhere",
		"Another host has frozen this batch, or made it void; it is frozen here, too, and "
		"nothing of it moves.",
		"Ask that host by telephone. Lock its parts away, and tell the hosts that this "
		"one deals with. Two persons then let it go (keylinectl batch unfreeze) or end "
		"it (keylinectl batch void)."},
	{"stickers-refused", FAULT_HOLDS, "stickers refused",
		"A file of stickers on the secure disk was refused; nothing of it was taken.",
		"See why as root with keylinectl batch check and its path on that disk, and ask "
		"the minting host for a right one."},
	{"stickers-staged", FAULT_HOLDS, "stickers not finished",
		"A file of stickers lies on the secure disk as its minting host leaves it before "
		"the last step; no other host finishes or erases it.",
		"Take the disk back to the host whose name stands between the first two dots of "
		"the file's, and let keylined run there: the file gets its own name, or goes. "
		"Then bring the disk here again."},
	{"staged-strange", FAULT_HOLDS, "strange entry",
		"Among files that wait for their last step, on the secure disk or in the state "
		"directory's staged/, lies a folder, a link, a file that is too large or one that "
		"cannot be read. It is not touched, and all others go on.",
		"See what it is and who put it there, and take it away. A file of stickers that "
		"cannot be read lies on a disk that fails: the minting host has no other."},
	{"stickers-missing", FAULT_HOLDS, "stickers missing",
		"This host has minted these stickers; they are not on the secure disk, and no "
		"receipt says that they were taken.",
		"If the print host has taken them, bring its receipt from there (keylinectl batch "
		"import). Else find out who had the disk, and put that very file back. If it is "
		"lost for good, nothing makes it again: two persons end the batch (keylinectl "
		"batch void), its wallets are ordered as another one, and the alarm is "
		"acknowledged."},
	{"disk-full", FAULT_SUSPENDS, "disk full",
		"This folder's disk has less room than what is under way may need; nothing "
		"new is begun that writes there.",
		"Make room on it; in the spool, move what is in done/, failed/ and duplicate/ "
		"to an archive. The work goes on by itself."},
	{"read-only", FAULT_SUSPENDS, "disk read-only",
		"This folder's disk is mounted read-only; nothing new is begun that writes "
		"there.",
		"See why: a file system that found an error becomes so by itself. Check it, and "
		"mount it read-write; the work goes on by itself."},
	{"erase-due", FAULT_HOLDS, "secrets still there",
		"Nobody needs this batch's secrets on this host any more, and they are still there "
		"after the time that erase_deadline leaves.",
		"Two persons destroy them (keylinectl batch destroy); the alarm then goes by "
		"itself."},
	{"erase-cut-off", FAULT_HOLDS, "destruction cut off",
		"The destruction of this batch's secrets was approved and begun, and has not come "
		"to its end: some may still be there.",
		"Two persons give it again (keylinectl batch destroy), and it goes on, or tells which "
		"file is in its way."},
	{"clock-jumped", FAULT_HOLDS, "clock set",
		"The machine's clock was set by so many seconds while the line ran. Nothing "
		"on the line is timed by it, and events keep their order; their times have a "
		"gap, or come twice.",
		"See which time is right (timedatectl) and who or what has set it, then "
		"acknowledge it: keylinectl alarm ack clock+SECONDSs, as it is told here."},
	{"clock-behind", FAULT_HOLDS, "clock behind",
		"The machine's clock is behind a time that an event of the ledger already "
		"carries: it is wrong now, or it was wrong then. Work goes on, and events "
		"keep their order.",
		"Set the clock (timedatectl); the alarm then goes by itself. If it is right as "
		"it is, say so: keylinectl alarm ack clock."},
	{"sync", FAULT_HOLDS, "disk failed",
		"Data could not be brought safely to disk; after that nothing on it can "
		"be relied on, and nothing new is begun.",
		"Check the disk and its file system, then restart the service: nothing is "
		"tried again before."},
	{"chain-broken", FAULT_ABORTS, "ledger altered",
		"The hash chain of the ledger is broken: it was altered.",
		"Stop work. Compare with the heads that were written down or that another "
		"host has seen (keylinectl ledger verify SEQ HASH); restore nothing before "
		"two people have looked."},
	{"ledger-forked", FAULT_ABORTS, "ledger taken back",
		"A signed file names an event of this host's ledger, and that event is not "
		"the one that was seen before.",
		"Stop work. On the host that is named run: keylinectl ledger verify. "
		"Restore nothing before two people have looked."},
	{"rolled-back", FAULT_ABORTS, "older state",
		"The state directory is older than its high-water mark: an old copy was "
		"put back.",
		"Stop work. Find out who put it back; the newest copy must be used."},
};

const size_t fault_table_count = sizeof(fault_table) / sizeof(fault_table[0]);
