import { describe, expect, test } from "vitest";
import { findService } from "../../src/engine/find-service.ts";
import type { Service } from "../../src/engine/operation.ts";
import { type InProcessHandler, inProcessHandler } from "../../src/in-process-handler.ts";
import { serviceConstraints } from "../../src/wire/constraints/find-violations.ts";
import { serviceModel } from "../../src/wire/service-model.ts";
import { fakeAws } from "./fake-aws.ts";
import { credentials, directHandler } from "./transports.ts";
import { drawFrom, valueOfShape } from "./value-of-shape.ts";

/** Where the SDK itself changes what it sends or takes, by rules that no schema carries. */
const REWRITTEN: ReadonlySet<string> = new Set([
  // Resolves the endpoint from an id that must exist.
  "events:PutEvents",
  // Adds a presigned URL.
  "ec2:CopySnapshot",
  // Send an empty error where none was given.
  "lambda:SendDurableExecutionCallbackFailure",
  "lambda:StopDurableExecution",
  // Streams events.
  "lambda:InvokeWithResponseStream",
]);

const SERVICES = [
  "ec2",
  "events",
  "iam",
  "imagebuilder",
  "inspector2",
  "kms",
  "lambda",
  "monitoring",
  "organizations",
  "scheduler",
  "sns",
  "ssm",
  "states",
];
/** EC2 has 800 operations: a sample of each service will do. */
const OPERATIONS = 20;
const VALUES = 2;

const HANDLERS = { written: inProcessHandler, "not written": directHandler };
const CASES = SERVICES.flatMap((name) =>
  Object.keys(HANDLERS).map((how) => ({ name, how: how as keyof typeof HANDLERS })),
);

describe.each(CASES)("$name, $how as HTTP", ({ name, how }) => {
  test("takes what the SDK sends, and the SDK takes what it answers, whatever the values", {
    timeout: 60_000,
  }, async () => {
    const client = (await findService(fakeAws({}), name)) as Service;
    const module = await client.client();
    const model = await serviceModel(client);
    // What is constrained would be refused: random values keep to no pattern.
    const { operations: constrained } = await serviceConstraints(name);
    const operations = [...model.operations.values()].filter(
      (one) => !REWRITTEN.has(`${name}:${one.name}`) && !Object.hasOwn(constrained, one.name),
    );
    const step = Math.max(1, Math.floor(operations.length / OPERATIONS));

    for (const [at, operation] of operations.entries()) {
      if (at % step !== 0) continue;
      for (let seed = 0; seed < VALUES; seed++) {
        const draw = drawFrom(at * VALUES + seed);
        const sent = operation.input.isUnitSchema() ? {} : (valueOfShape(operation.input, draw) as object);
        const answered = operation.output.isUnitSchema() ? {} : (valueOfShape(operation.output, draw) as object);
        let taken: unknown;
        const aws = fakeAws({
          [`${name}:${operation.name}`]: (input) => {
            taken = input;
            return answered;
          },
        });

        const got = await send(module, operation.name, sent, HANDLERS[how](aws));

        expect(plain(taken), `${operation.name} ${seed}: the input`).toEqual(plain(sent));
        expect(plain(got), `${operation.name} ${seed}: the output`).toEqual(plain(answered));
      }
    }
  });
});

async function send(
  module: Record<string, unknown>,
  operation: string,
  input: object,
  requestHandler: InProcessHandler,
) {
  const [, Client] = Object.entries(module).find(([key]) => key.endsWith("Client") && key !== "__Client") ?? [];
  const Command = module[`${operation}Command`];
  const client = new (Client as new (options: object) => { send(command: unknown): Promise<{ $metadata?: unknown }> })({
    region: "eu-west-1",
    credentials: credentials("111122223333"),
    requestHandler,
  });
  const { $metadata, ...output } = await client.send(new (Command as new (input: object) => unknown)(input));
  return output;
}

/** Bytes as text, and members without a value left out. */
const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => [key, plain(one)]),
  );
};
