import { defineState } from "../../../engine/state.ts";
import type { DiskFormat } from "./disk-file.ts";

export interface ExportTask {
  readonly id: string;
  readonly imageId: string;
  readonly format: DiskFormat;
  readonly bucket: string;
  readonly prefix: string;
  readonly roleName: string;
  readonly description: string | undefined;
  readonly startedAt: number;
  /** One that failed is deleted, too, with its reason as message (EC2 API reference, ExportImageTask, "Status"). */
  status: "active" | "completed" | "deleting" | "deleted";
  message: string | undefined;
}

/** How a task goes wrong: what its message says. Undefined: it does not. */
export type Simulation = (task: ExportTask) => string | undefined;

interface ExportsState {
  readonly tasks: Map<string, ExportTask>;
  /** The task that a client token made. */
  readonly tokens: Map<string, string>;
  simulation: Simulation | undefined;
}

export const exportsState = defineState<ExportsState>("ec2.export-image", () => ({
  tasks: new Map(),
  tokens: new Map(),
  simulation: undefined,
}));

/** How long a task takes is not documented. */
export const EXPORT_TAKES_MS = 20 * 60_000;
