import { AsyncLocalStorage } from "node:async_hooks";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { GetParameterCommandOutput } from "@aws-sdk/client-ssm";
import { watchBus } from "embedded-aws";
import { ACCOUNT, aBuilder, document, REGION } from "embedded-aws/testing/imagebuilder";
import type { Ledger } from "../../../adapters/ledger/table.ts";
import { parentParameter, pipelineName } from "../../../core/names.ts";
import { makeBus } from "../../world/bus.ts";
import { type Ask, directClients } from "../../world/direct-clients.ts";
import { type Fate, undergo } from "../../world/fates.ts";
import { documentsOf, LedgerMemory } from "../../world/ledger-memory.ts";
import { images } from "./tree-factory.ts";

/** The functions' clients, and the events that they send. */
export type TreeAws = Awaited<ReturnType<typeof bootTreeAws>>;

/**
 * An embedded AWS with a pipeline for each image of the tree and a bus, and clients whose responses are delayed or lost by
 * the invocation's fate.
 */
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
  return {
    aws,
    clock,
    fates,
    bus: await makeBus(client(EventBridgeClient), "tree"),
    client,
    /** An empty ledger. */
    newLedger(): Ledger {
      const memory = new LedgerMemory();
      return {
        documents: documentsOf((command) => undergo(fates.getStore(), () => memory.send(command))),
        table: "ledger",
      };
    },
    watch: (bus: string, listener: Parameters<typeof watchBus>[4]) => watchBus(aws, ACCOUNT, REGION, bus, listener),
    readParameter: (Name: string) => builder.call<GetParameterCommandOutput>("ssm", "GetParameter", { Name }),
    /** What the recipes of an image's children start from. */
    putParent: (image: string, Value: string) =>
      builder.call("ssm", "PutParameter", {
        Name: parentParameter("tree", image, "stable"),
        Type: "String",
        Value,
        Overwrite: true,
      }),
  };
}
