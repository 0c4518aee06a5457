import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { Command } from "commander";
import { requireImage } from "../core/require-image.ts";
import { functionOf, readBlueprint } from "./blueprint.ts";
import { loadFactory } from "./load-factory.ts";

/** `amint build <image>`: asks the deployed factory for a build, in the account of the current credentials. */
export const buildCommand = (): Command =>
  new Command("build")
    .description("request a build of an image now")
    .argument("<image>", "an image of factory.config.ts")
    .option("--requested-by <name>", "who asks; recorded with the build", process.env.USER ?? "somebody")
    .action(async (image: string, { requestedBy }: { requestedBy: string }) => {
      const factory = await loadFactory();
      requireImage(factory, image);
      const lambda = new LambdaClient({ region: factory.buildRegion });
      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({
          FunctionName: functionOf(await readBlueprint(), "start-build"),
          Payload: JSON.stringify({ trigger: "manual", image, requestedBy }),
        }),
      );
      const answer = JSON.parse(Payload?.transformToString() ?? "{}");
      if (FunctionError) throw new BuildRefused(image, answer.errorMessage);
      process.stdout.write(`${image}: ${answer.decision}${answer.build ? ` ${answer.build}` : ""}\n`);
    });

class BuildRefused extends Error {
  override readonly name = "BuildRefused";
  readonly code = "BUILD_REFUSED";

  constructor(image: string, reason: string) {
    super(`No build of ${image} was started: ${reason}`);
  }
}
