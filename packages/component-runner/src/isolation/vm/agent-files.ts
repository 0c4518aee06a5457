import { readFileSync } from "node:fs";
import type { Agent } from "../disk/make-disk.ts";

/** Commands that run concurrently, as in agent.sh; others wait. */
export const SLOTS = 4;

const UNIT = `[Unit]
Description=Runs commands of component-runner in this virtual machine

[Service]
ExecStart=/usr/lib/component-runner/agent
Restart=always
Delegate=yes
TasksMax=infinity
OOMScoreAdjust=-900
StandardOutput=null
`;

/** Files added to a virtual machine's root; they are not part of images. */
export const agentFiles = (): Agent => ({
  unit: UNIT,
  program: readFileSync(new URL("agent.sh", import.meta.url), "utf8"),
});
