/* SPDX-License-Identifier: MIT */
#include "daemon/fault.h"
#include <string.h>

/* The first row is the one for codes that the table lacks. */
static const struct fault faults[] = {
	{"unknown", FAULT_HOLDS, "fault without a name",
		"The device reports a fault that this program does not know.",
		"Look at the device's own panel, clear the fault there, then unhold the "
		"station."},

	/* by people */
	{"operator", FAULT_HOLDS, "by an operator", "A person gave this command.",
		"Unhold the station when the work may go on."},
	{"service-start", FAULT_HOLDS, "service start",
		"The service has started; stations begin stopped.",
		"Look that the station is clear, then start it."},
	{"clear-needed", FAULT_ABORTS, "aborted", "The station was aborted.",
		"Look that the station is safe, clear it, then start it."},

	/* etchers */
	{"door-open", FAULT_HOLDS, "door open", "The enclosure's door is open.",
		"Close the door, then unhold the station."},
	{"e-stop", FAULT_ABORTS, "emergency stop", "The emergency stop is pressed.",
		"Make the machine safe, release the emergency stop, then clear and start "
		"the "
		"station."},
	{"interlock", FAULT_HOLDS, "interlock open", "A safety interlock is open.",
		"Close the interlock, then unhold the station."},
	{"no-part", FAULT_HOLDS, "no part in the fixture",
		"The fixture is empty, or its part sensor does not see the wallet.",
		"Put the wallet in the fixture, unhold the station, and scan it again."},
	{"not-armed", FAULT_HOLDS, "laser not armed", "The laser is not armed.",
		"Arm the laser at its panel, then unhold the station."},
	{"manual", FAULT_HOLDS, "device in manual mode",
		"The device is switched to manual.",
		"Switch it to automatic, then unhold the station."},
	{"laser-fault", FAULT_HOLDS, "laser fault", "The laser reports a fault.",
		"Clear the fault at the laser's panel, then unhold the station."},
	{"readback", FAULT_HOLDS, "read back differs",
		"What was read back from the device is not what was sent.",
		"Nothing was marked. Check cable and settings, then unhold the station."},
	{"counter-mismatch", FAULT_HOLDS, "counter differs",
		"The device's counter did not grow by one over the job.",
		"Look at the part and settle the wallet with two persons; find out who "
		"else "
		"uses the device, then unhold the station."},

	/* printers */
	{"media-empty", FAULT_HOLDS, "no labels left", "The printer is out of labels.",
		"Load labels, then unhold the station."},
	{"media-jam", FAULT_HOLDS, "labels jammed", "Labels are jammed in the printer.",
		"Clear the jam, account for every label that came out, then unhold the "
		"station."},
	{"media-wrong", FAULT_HOLDS, "other labels loaded",
		"The loaded labels are not those of the configuration.",
		"Load the configured labels, then unhold the station."},
	{"ribbon-empty", FAULT_HOLDS, "no ribbon left", "The printer is out of ribbon.",
		"Change the ribbon and log the old one's destruction, then unhold the "
		"station."},
	{"cover-open", FAULT_HOLDS, "cover open", "The printer's cover is open.",
		"Close the cover, then unhold the station."},
	{"paused", FAULT_HOLDS, "printer paused", "The printer is paused at its panel.",
		"Resume it at its panel, then unhold the station."},
	{"wrong-pin", FAULT_HOLDS, "another certificate",
		"The printer's certificate is not the pinned one: this may be another "
		"device.",
		"Find out why before anything else. When the certificate was changed on "
		"purpose, set the new pin in the configuration and restart the service."},
	{"printer-missing", FAULT_HOLDS, "printer not reachable",
		"The printer does not answer at its address.",
		"Check power, cable and the station's uri, then unhold the station."},
	{"label-unreadable", FAULT_HOLDS, "label does not read back",
		"A rendered label did not decode to what it should say; it was not sent.",
		"Nothing was printed. Check media and dpi of the station, then unhold "
		"it."},
	{"job-canceled", FAULT_HOLDS, "job canceled at the printer",
		"The job was canceled at the printer; a canceled label may have been "
		"printed.",
		"Look for the label and settle the wallet with two persons, then unhold "
		"the "
		"station."},

	/* links, drivers */
	{"starting", FAULT_SUSPENDS, "driver starting", "The driver is starting.",
		"Wait; the station goes on by itself."},
	{"offline", FAULT_HOLDS, "device offline", "The device does not answer.",
		"Check power and cable; when the link is back, unhold the station."},
	{"device-error", FAULT_HOLDS, "device error", "The device answers with errors.",
		"Check cable and settings; when the link is good, unhold the station."},
	{"wrong-device", FAULT_HOLDS, "another device",
		"The device is not the configured one.",
		"Connect the right device, or correct its serial in the configuration "
		"and "
		"restart the service; then unhold the station."},
	{"bad-profile", FAULT_HOLDS, "profile not usable",
		"The device's profile file is not valid.",
		"Correct the profile that the configuration names and restart the "
		"service."},
	{"lock-held", FAULT_HOLDS, "device in use",
		"Another program holds the lock of this station's device.",
		"End the other program, then unhold the station."},
	{"busy", FAULT_SUSPENDS, "device busy", "The device is busy with other work.",
		"Wait, or end that work at the device; the station goes on by itself."},
	{"driver-missing", FAULT_HOLDS, "driver missing",
		"The driver program cannot be run.",
		"Install the driver, or correct `drivers` in the configuration; then "
		"restart "
		"the service."},
	{"driver-died", FAULT_HOLDS, "driver ended",
		"The station's driver ended without being told to.",
		"It is started again. When its job was under way, settle the wallet; "
		"then "
		"unhold the station."},
	{"driver-silent", FAULT_HOLDS, "driver silent",
		"The station's driver did not answer in time and was ended.",
		"It is started again. When its job was under way, settle the wallet; "
		"then "
		"unhold the station."},
	{"bad-line", FAULT_HOLDS, "driver talks nonsense",
		"The station's driver sent what is no driver line and was ended.",
		"Check that driver and daemon are of one version, then unhold the "
		"station."},
	{"wrong-hello", FAULT_HOLDS, "driver of another kind",
		"The driver's first line is not that of a driver of this kind and "
		"protocol.",
		"Check that driver and daemon are of one version and that the station's "
		"kind "
		"is right; then restart the service."},
	{"timeout", FAULT_HOLDS, "no answer in time", "A job did not end in its time.",
		"Look at the part and the device. When the job was under way, settle the "
		"wallet; then unhold the station."},
	{"cancelled", FAULT_HOLDS, "job given up",
		"The job was given up before it began.",
		"Nothing was marked. Unhold the station."},

	/* work */
	{"no-work", FAULT_SUSPENDS, "no work", "There is no wallet to work on.",
		"Nothing; the station goes on when there is work."},
	{"blocked", FAULT_SUSPENDS, "next place is full",
		"The place after this one has no room.",
		"Finish the wallets there; the station goes on by itself."},
	{"wrong-part", FAULT_HOLDS, "scan does not fit",
		"What was scanned is not a wallet that may stand here.",
		"Take the part out, find out what it is, then unhold the station."},
	{"layers-differ", FAULT_HOLDS, "layers of two stickers",
		"The two layers that were scanned have different serials.",
		"Take both parts out, find their right halves, then unhold the station."},
	{"wrong-address", FAULT_HOLDS, "address does not belong",
		"The scanned address is not that of the scanned serial.",
		"Set the wallet aside, look at its batch, then unhold the station."},
	{"in-doubt", FAULT_HOLDS, "outcome not known",
		"It is not known whether the wallet was marked.",
		"Look at the part; two persons settle it with `keylinectl wallet "
		"resolve`. "
		"Then unhold the station."},
	{"batch-held", FAULT_HOLDS, "batch held", "The batch is held.",
		"See the batch's reason; unhold the batch, then the station."},
	{"ledger", FAULT_ABORTS, "ledger failed",
		"The ledger could not be written; nothing is begun without it.",
		"Check the disk, verify the ledger, and restart the service."},
};

size_t
fault_count(void)
{
	return sizeof(faults) / sizeof(faults[0]);
}

const struct fault *
fault_at(size_t index)
{
	return &faults[index];
}

const struct fault *
fault_of(const char *code)
{
	size_t i;

	for (i = 0; code && i < fault_count(); i++)
		if (strcmp(faults[i].code, code) == 0)
			return &faults[i];
	return &faults[0];
}
