import { restBindings } from "../rest.ts";
import type { OperationModel, ProtocolName } from "../service-model.ts";
import { kindOf, oncePer, type Shape } from "../shape.ts";
import { type Copy, type Dialect, MISFIT, shapeCopier } from "./shape-copier.ts";

/** How an operation's input and output are passed without serialization; undefined: only over the wire. */
interface Direct {
  readonly input: Copy | undefined;
  readonly output: Copy | undefined;
}

const all = (): boolean => true;

const none = (): boolean => false;

/** Applies the rounding of a client that writes seconds: multiplied again and truncated to milliseconds. */
const throughSeconds = (ms: number, inSeconds: boolean): number => (inSeconds ? (ms / 1000) * 1000 : ms);

const exactly = (ms: number): number => ms;

const toBuffer = (bytes: Uint8Array): Uint8Array => Buffer.from(bytes);

const toBytes = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);

const form = { timestamps: "date-time", time: throughSeconds, bytes: toBuffer, carries: all } as const;

const TAKEN: Readonly<Record<"json" | "awsQuery" | "ec2Query", Dialect>> = {
  json: { timestamps: "epoch-seconds", time: throughSeconds, bytes: toBuffer, carries: all, drops: none },
  // An empty list has a key here, without a number.
  awsQuery: { ...form, drops: (kind) => kind !== "list" },
  ec2Query: { ...form, drops: all },
};

/** Readers of XML trim white space and normalize line ends. */
const PLAIN = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/;

const GIVEN: Readonly<Record<"json" | "xml", Dialect>> = {
  json: { timestamps: "epoch-seconds", time: exactly, bytes: toBytes, carries: all, drops: none },
  xml: {
    timestamps: "date-time",
    time: exactly,
    bytes: toBytes,
    carries: (text) => PLAIN.test(text),
    drops: (_, shape) => Boolean(shape.getMergedTraits().xmlFlattened),
  },
};

const json = { taken: shapeCopier(TAKEN.json), given: shapeCopier(GIVEN.json) };

const xml = shapeCopier(GIVEN.xml);

const forms = { awsQuery: shapeCopier(TAKEN.awsQuery), ec2Query: shapeCopier(TAKEN.ec2Query) };

const inJson = oncePer(
  ({ input, output }: OperationModel): Direct => ({
    input: json.taken.copier(input),
    output: json.given.copier(output),
  }),
);

const inForms = (dialect: "awsQuery" | "ec2Query") =>
  oncePer(
    ({ input, output }: OperationModel): Direct => ({
      input: forms[dialect].copier(input),
      output: xml.copier(output),
    }),
  );

/** Parts of paths and queries are strings; headers and whole bodies use the wire. */
const inRest = oncePer(({ input, output, route }: OperationModel): Direct => {
  const taken = restBindings(input);
  const given = restBindings(output);
  const simple =
    !taken.payload && taken.headers.length + taken.prefixes.length === 0 && taken.body.every(([, one]) => !inUrl(one));
  const fields = [...taken.labels, ...taken.query.map(([name, member]) => [name, member] as const)];
  const body = json.taken.members([...taken.body, ...fields]);
  const plain = given.payload || given.statusCode || given.headers.length + given.prefixes.length > 0;
  return {
    input:
      simple && fields.every(([, one]) => isText(one) && !one.isIdempotencyToken())
        ? (value, token, depth) => {
            const source = value as Readonly<Record<string, unknown>>;
            // The SDK itself refuses an empty path label, and sends no empty list.
            if (taken.labels.some(([name]) => source[name] === undefined || source[name] === "")) throw MISFIT;
            if (taken.query.some(([name]) => Array.isArray(source[name]))) throw MISFIT;
            return body(value, token, depth);
          }
        : undefined,
    output: plain || route?.status === 204 ? undefined : json.given.copier(output),
  };
});

const inUrl = (shape: Shape): boolean => {
  const traits = shape.getMergedTraits();
  return Boolean(traits.httpQueryParams ?? traits.hostLabel);
};

const isText = (shape: Shape): boolean => ["string", "number", "boolean", "list"].includes(kindOf(shape));

const byWire = (): Direct => ({ input: undefined, output: undefined });

/** What AWS's protocols do to values, without serializing them. */
export const DIRECT: Readonly<Record<ProtocolName, (operation: OperationModel) => Direct>> = {
  awsJson1_0: inJson,
  awsJson1_1: inJson,
  awsQuery: inForms("awsQuery"),
  ec2Query: inForms("ec2Query"),
  restJson1: inRest,
  restXml: byWire,
};

/** The copy; undefined if the value must use the wire. */
export function copied(copy: Copy | undefined, value: unknown, token: () => string): object | undefined {
  try {
    return copy?.(value, token, 0) as object | undefined;
  } catch (error) {
    if (error === MISFIT) return undefined;
    throw error;
  }
}
