import { perStructure } from "./per-structure.ts";
import { textWriter } from "./scalars.ts";
import { kindOf, membersOf, type Shape } from "./shape.ts";
import { timestampFormat, timestampText } from "./timestamps.ts";

type Write = (value: unknown) => unknown;

/** Turns a value of `shape` into what JSON.stringify writes as AWS would. Members the model does not know are dropped. */
export function jsonWriter(shape: Shape): Write {
  switch (kindOf(shape)) {
    case "structure":
      return structureWriter(shape);
    case "list": {
      const item = jsonWriter(shape.getValueSchema());
      return (value) => (value as unknown[]).map(item);
    }
    case "map": {
      const item = jsonWriter(shape.getValueSchema());
      return (value) =>
        Object.fromEntries(
          Object.entries(value as object)
            .filter(([, one]) => one !== undefined)
            .map(([key, one]) => [key, item(one)]),
        );
    }
    case "timestamp": {
      const format = timestampFormat(shape, "epoch-seconds");
      if (format === "epoch-seconds") return (value) => (value as Date).getTime() / 1000;
      return (value) => timestampText(value as Date, format);
    }
    case "blob":
      return textWriter(shape, "date-time");
    case "number":
      return (value) => (Number.isFinite(Number(value)) ? Number(value) : String(value));
    case "unit":
      return () => ({});
    default:
      return (value) => value;
  }
}

/** Writes only some members of a structure: those a REST answer carries in its body. */
export const jsonMembersWriter = (members: readonly (readonly [string, Shape])[]): Write =>
  membersWriter(() => members);

const structureWriter = perStructure((shape) => membersWriter(() => membersOf(shape)));

function membersWriter(members: () => readonly (readonly [string, Shape])[]): Write {
  let compiled: (readonly [string, Write])[] | undefined;
  return (value) => {
    compiled ??= members().map(([name, member]) => [name, jsonWriter(member)] as const);
    const source = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const [name, write] of compiled) {
      const given = source[name];
      if (given !== undefined && given !== null) result[name] = write(given);
    }
    return result;
  };
}
