import { listWaivers } from "../../adapters/ledger/waivers.ts";
import type { Waiver } from "../../core/factory/waiver-schema.ts";
import type { Step } from "./step.ts";

/** All waivers: those of the config, and those that somebody gave by command. Which of them count is decided in core. */
export const readWaivers = async ({ settings, ledger }: Pick<Step, "settings" | "ledger">): Promise<Waiver[]> => [
  ...settings.factory.waivers,
  ...(await listWaivers(ledger)),
];
