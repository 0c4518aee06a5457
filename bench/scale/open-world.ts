import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateEventBusCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { OrganizationsClient, PutResourcePolicyCommand } from "@aws-sdk/client-organizations";
import { EnableSharingWithAwsOrganizationCommand, RAMClient } from "@aws-sdk/client-ram";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createAws, enforcePublishedLimits, inProcessHandler, VirtualClock } from "embedded-aws";
import { regionNames, seedOrganization } from "embedded-aws/seeds";
import { clientsOf, makeClient } from "../../functions/invocation.ts";
import { sized } from "../measure/sized.ts";
import { Calls } from "./count-calls.ts";
import { FACTORY, largeOrganization, MANAGEMENT } from "./large-organization.ts";

export const HOME = "eu-west-1";
export const REGIONS = sized(regionNames, [HOME, "us-east-1", "ap-northeast-1"]);

/** AWS's response time in virtual milliseconds: a round number near what clients see. */
const ANSWER_MS = 100;

/** The delegation policy with which the management account lets the factory's account read the organization. */
const readDelegation = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${FACTORY}:root` },
      Action: ["organizations:Describe*", "organizations:List*"],
      Resource: "*",
    },
  ],
};

export type World = Awaited<ReturnType<typeof openWorld>>;

/** An embedded AWS with a large organization and published rates, and the functions' clients, which are counted. */
export async function openWorld() {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const aws = createAws({ clock });
  seedOrganization(aws, largeOrganization());
  const wire = inProcessHandler(aws);
  const slow: typeof wire = {
    ...wire,
    handle: async (request) => {
      await clock.sleep(ANSWER_MS);
      return wire.handle(request);
    },
  };
  const optionsOf = (account: string, region = HOME, requestHandler = slow) => ({
    region,
    requestHandler,
    credentials: { accessKeyId: account, secretAccessKey: "any" },
  });
  const atOnce = (account: string) => optionsOf(account, HOME, wire);
  const events = new EventBridgeClient(atOnce(FACTORY));
  await makeLedger(new DynamoDBClient(atOnce(FACTORY)));
  await events.send(new CreateEventBusCommand({ Name: "scale" }));
  await new OrganizationsClient(atOnce(MANAGEMENT)).send(
    new PutResourcePolicyCommand({ Content: JSON.stringify(readDelegation) }),
  );
  await new RAMClient(optionsOf(MANAGEMENT, "us-east-1", wire)).send(new EnableSharingWithAwsOrganizationCommand({}));
  enforcePublishedLimits(aws);

  const calls = new Calls();
  const own = optionsOf(FACTORY);
  const client = clientsOf(HOME, (Client, config, account) =>
    calls.follow(makeClient(Client, { ...own, ...config }, account ?? FACTORY), account),
  );
  const documents = DynamoDBDocumentClient.from(client(DynamoDBClient), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return { aws, clock, calls, client, ledger: { documents, table: "ledger" }, optionsOf };
}

async function makeLedger(client: DynamoDBClient): Promise<void> {
  const names = ["pk", "sk"];
  await client.send(
    new CreateTableCommand({
      TableName: "ledger",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: names.map((AttributeName, n) => ({ AttributeName, KeyType: n === 0 ? "HASH" : "RANGE" })),
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    }),
  );
}
