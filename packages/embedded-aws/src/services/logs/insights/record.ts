import type { LogEvent, LogGroup, LogStream } from "../state.ts";

export type Value = string | number | boolean | null | undefined;

/** A row of a query: a log event, or an aggregate from `stats`. */
export interface Row {
  get(field: string): Value;
  /** Identifies the event for GetLogRecord, which is not built; undefined after `stats`. */
  readonly pointer: string | undefined;
}

/**
 * An event with the fields that CloudWatch Logs discovers: those of JSON, and of Lambda's own lines (user guide,
 * "Supported logs and discovered fields").
 */
export class EventRow implements Row {
  readonly pointer: string;
  readonly event: LogEvent;
  readonly #group: LogGroup;
  readonly #stream: LogStream;
  #json: unknown;
  #isParsed = false;

  constructor(group: LogGroup, stream: LogStream, event: LogEvent, pointer: string) {
    this.#group = group;
    this.#stream = stream;
    this.event = event;
    this.pointer = pointer;
  }

  get(field: string): Value {
    switch (field) {
      case "@timestamp":
        return timeText(this.event.at);
      case "@ingestionTime":
        return timeText(this.event.ingestedAt);
      case "@message":
        return this.event.message;
      case "@logStream":
        return this.#stream.name;
      case "@log":
        return `${this.#group.account}:${this.#group.name}`;
      case "@ptr":
        return this.pointer;
    }
    const ofLambda = this.#group.name.startsWith("/aws/lambda/") ? LAMBDA_FIELDS[field] : undefined;
    if (ofLambda) return ofLambda(this.event.message);
    return field.startsWith("@") ? undefined : member(this.#parsed(), field);
  }

  #parsed(): unknown {
    if (!this.#isParsed) {
      this.#isParsed = true;
      this.#json = parse(this.event.message);
    }
    return this.#json;
  }
}

/** `2026-04-01 08:00:00.000`, as in Insights. */
export const timeText = (at: number): string => new Date(at).toISOString().replace("T", " ").replace("Z", "");

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

const reported = (name: string, unit: string) => {
  const pattern = new RegExp(`\\t${name}: ([\\d.]+) ${unit}`);
  return (message: string): Value => {
    const found = message.startsWith("REPORT ") ? pattern.exec(message)?.[1] : undefined;
    return found === undefined ? undefined : Number(found);
  };
};

const megabytes = (name: string) => {
  const read = reported(name, "MB");
  return (message: string): Value => {
    const found = read(message);
    return typeof found === "number" ? found * 1e6 : undefined;
  };
};

const LAMBDA_FIELDS: Readonly<Record<string, (message: string) => Value>> = {
  "@requestId": (message) => ID.exec(message)?.[0],
  "@type": (message) => /^(START|END|REPORT) RequestId/.exec(message)?.[1],
  "@duration": reported("Duration", "ms"),
  "@billedDuration": reported("Billed Duration", "ms"),
  "@initDuration": reported("Init Duration", "ms"),
  "@memorySize": megabytes("Memory Size"),
  "@maxMemoryUsed": megabytes("Max Memory Used"),
};

/** `a.b.0`; a member's name may contain dots. */
function member(value: unknown, path: string): Value {
  if (typeof value !== "object" || value === null) return undefined;
  if (Object.hasOwn(value, path)) {
    const found: unknown = (value as Record<string, unknown>)[path];
    return typeof found === "object" && found !== null ? undefined : (found as Value);
  }
  for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
    const head = path.slice(0, dot);
    if (Object.hasOwn(value, head)) return member((value as Record<string, unknown>)[head], path.slice(dot + 1));
  }
  return undefined;
}

function parse(message: string): unknown {
  const begin = message.indexOf("{");
  if (begin < 0) return undefined;
  try {
    return JSON.parse(message.slice(begin));
  } catch {
    return undefined;
  }
}
