import { createAws } from "../../src/create-aws.ts";
import { allowEverything } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import type { Call, Service } from "../../src/engine/operation.ts";

/** Real SDK clients whose services do only what a test defines. */
const CLIENTS: Readonly<Record<string, Service["client"]>> = {
  dynamodb: () => import("@aws-sdk/client-dynamodb"),
  ec2: () => import("@aws-sdk/client-ec2"),
  events: () => import("@aws-sdk/client-eventbridge"),
  iam: () => import("@aws-sdk/client-iam"),
  imagebuilder: () => import("@aws-sdk/client-imagebuilder"),
  inspector2: () => import("@aws-sdk/client-inspector2"),
  kms: () => import("@aws-sdk/client-kms"),
  lambda: () => import("@aws-sdk/client-lambda"),
  monitoring: () => import("@aws-sdk/client-cloudwatch"),
  organizations: () => import("@aws-sdk/client-organizations"),
  s3: () => import("@aws-sdk/client-s3"),
  scheduler: () => import("@aws-sdk/client-scheduler"),
  sns: () => import("@aws-sdk/client-sns"),
  sqs: () => import("@aws-sdk/client-sqs"),
  ssm: () => import("@aws-sdk/client-ssm"),
  states: () => import("@aws-sdk/client-sfn"),
};

export type Act = (input: never, call: Call) => unknown;

export const START = Date.UTC(2026, 3, 1, 8);

/** @param operations by `<signing name>:<operation>` */
export function fakeAws(operations: Readonly<Record<string, Act>>): EmbeddedAws {
  const services = Object.entries(CLIENTS).map(([name, client]): [string, () => Promise<Service>] => {
    const own = Object.entries(operations).filter(([key]) => key.startsWith(`${name}:`));
    const service: Service = {
      name,
      client,
      operations: Object.fromEntries(own.map(([key, run]) => [key.slice(name.length + 1), { run }])),
    };
    return [name, async () => service];
  });
  return createAws({
    clock: new VirtualClock(START),
    services: Object.fromEntries(services),
    authorizer: allowEverything,
  });
}
