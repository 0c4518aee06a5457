import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Principal } from "../../engine/principal.ts";
import { LogWriter } from "../logs/log-writer.ts";
import type { LambdaFunction } from "./state.ts";

/** An invocation's status, as in reports. */
type Status = "success" | "error";

interface Report {
  readonly requestId: string;
  readonly status?: Status;
  readonly [member: string]: unknown;
}

/** The log of an execution environment: a stream of the function's log group, written with the function's role. */
export class EnvironmentLog {
  readonly #aws: EmbeddedAws;
  readonly #fn: LambdaFunction;
  readonly #writer: LogWriter;
  #isOpen = false;
  #requestId: string | undefined;
  #begun = 0;
  #lines: string[] = [];

  constructor(
    aws: EmbeddedAws,
    fn: LambdaFunction,
    { principal, stream }: { readonly principal: Principal; readonly stream: string },
  ) {
    const { account, region, logging } = fn;
    this.#aws = aws;
    this.#fn = fn;
    this.#writer = new LogWriter(aws, { account, region, principal, group: logging.group, stream });
  }

  begin(requestId: string): void {
    this.#open();
    this.#requestId = requestId;
    this.#begun = this.#aws.clock.now();
    this.#lines = [];
    this.#report("start", { requestId, version: "$LATEST" }, `START RequestId: ${requestId} Version: $LATEST\n`);
  }

  write(text: string): void {
    // A module may log while it loads, before the first invocation.
    if (!this.#isOpen) this.#open();
    this.#lines.push(text);
    this.#writer.write(text);
  }

  /**
   * Memory is not measured here: reports omit it, and how long a cold start took on this machine.
   * @returns the invocation's log lines
   */
  end(status: Status): readonly string[] {
    const requestId = this.#requestId;
    if (requestId === undefined) return [];
    const durationMs = this.#aws.clock.now() - this.#begun;
    const billedDurationMs = Math.max(1, Math.ceil(durationMs));
    const { memoryMb: memorySizeMB } = this.#fn;
    if (this.#fn.logging.format === "Text") this.write(`END RequestId: ${requestId}\n`);
    this.#report(
      "report",
      { requestId, metrics: { durationMs, billedDurationMs, memorySizeMB }, status },
      `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${billedDurationMs} ms\tMemory Size: ${memorySizeMB} MB\t\n`,
    );
    this.#requestId = undefined;
    return this.#lines;
  }

  #open(): void {
    this.#isOpen = true;
    this.#writer.open();
  }

  /** In JSON, if the function's settings say so: `platform.start`; nothing below the system's level. */
  #report(event: "start" | "report", record: Report, text: string): void {
    const { format, systemLevel } = this.#fn.logging;
    if (systemLevel === "WARN" && record.status !== "error") return;
    const time = new Date(this.#aws.clock.now()).toISOString();
    this.write(format === "Text" ? text : `${JSON.stringify({ time, type: `platform.${event}`, record })}\n`);
  }
}
