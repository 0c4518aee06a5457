import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "./clock.ts";

/** Virtual time stands still for `ms` of real time: somebody outside may want to go on from here. */
export const linger = (clock: Clock, ms: number): Promise<void> => clock.hold(sleep(ms));
