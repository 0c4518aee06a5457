import { AsyncLocalStorage } from "node:async_hooks";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { GetParameterCommandOutput } from "@aws-sdk/client-ssm";
import { pipelineName } from "../../../core/names.ts";
import { watchBus } from "../../../local/services/events/watch.ts";
import { ACCOUNT, aBuilder, document, REGION } from "../../local/imagebuilder/builder.ts";
import { type Ask, directClients, directDocuments } from "../../world/direct-clients.ts";
import { ledgerTable } from "../../world/ledger-table.ts";
import { images } from "./tree-factory.ts";

/** What an invocation goes through, as far as it is not its own doing. */
export interface Fate {
  /** How many of the event loop's turns an answer takes: what else is under way goes on meanwhile. */
  turns(): number;
  /** Requests to AWS that it lives to send; the last is carried out, but it hears of it no more. */
  calls: number;
}

/** The function's environment ended in the middle of an invocation. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** The clients that functions are given, and whom they tell what. */
export type TreeAws = Awaited<ReturnType<typeof bootTreeAws>>;

/** An embedded AWS with a pipeline for each image of the tree and a bus, and clients whose answers are subject to fate. */
export async function bootTreeAws() {
  const builder = await aBuilder();
  const { aws, clock } = builder;
  const harden = await builder.component("harden", document("build", "Configure"));
  const infrastructureConfigurationArn = await builder.infrastructure();
  for (const image of images) {
    const name = pipelineName("tree", image);
    const imageRecipeArn = await builder.recipe({ name, components: [{ componentArn: harden }] });
    const settings = { name, imageRecipeArn, infrastructureConfigurationArn, status: "ENABLED" };
    await builder.builder("CreateImagePipeline", settings);
  }
  const fates = new AsyncLocalStorage<Fate>();
  const ask: Ask = (service, operation, input) =>
    undergo(fates.getStore(), () => builder.call(service, operation, input));
  const client = directClients(ask, REGION);
  await builder.call("events", "CreateEventBus", { Name: "tree" });
  return {
    aws,
    clock,
    fates,
    bus: { client: client(EventBridgeClient), name: "tree" },
    client,
    documents: directDocuments(ask, REGION),
    watch: (bus: string, listener: Parameters<typeof watchBus>[4]) => watchBus(aws, ACCOUNT, REGION, bus, listener),
    readParameter: (Name: string) => builder.call<GetParameterCommandOutput>("ssm", "GetParameter", { Name }),
    dropTable: (TableName: string) => builder.call("dynamodb", "DeleteTable", { TableName }),
    async newTable(TableName: string): Promise<void> {
      await builder.call("dynamodb", "CreateTable", ledgerTable(TableName));
    },
  };
}

/** A request whose answer comes as late as an invocation's fate says, or not any more. */
async function undergo(fate: Fate | undefined, carryOut: () => Promise<object>): Promise<object> {
  if (!fate) return await carryOut();
  for (let turn = fate.turns(); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
  if (fate.calls <= 0) throw new Killed();
  fate.calls--;
  const answer = await carryOut();
  if (fate.calls <= 0) throw new Killed();
  return answer;
}
