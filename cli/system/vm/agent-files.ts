import { readFileSync } from "node:fs";
import type { Agent } from "../disk/make-disk.ts";

/** As the agent has them: so many commands run at the same time, the others wait. */
export const SLOTS = 4;

const UNIT = `[Unit]
Description=Runs commands for Amint in this virtual machine

[Service]
ExecStart=/usr/lib/amint/agent
Restart=always
Delegate=yes
TasksMax=infinity
OOMScoreAdjust=-900
StandardOutput=null
`;

/** What a virtual machine has beside its root; images do not keep it. */
export const agentFiles = (): Agent => ({
  unit: UNIT,
  program: readFileSync(new URL("agent.sh", import.meta.url), "utf8"),
});
