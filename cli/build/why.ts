import { Command } from "commander";
import { readImageStates } from "../../adapters/build/image-state.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { toCount } from "../command/print-log.ts";
import { drawBuildStory, readWholeStory } from "./build-story.ts";
import { findAsked } from "./find-asked.ts";
import { drawImageStory, readImageStory } from "./image-story.ts";

interface Options {
  readonly last: number;
  readonly json?: true;
}

/** `amint why <build | image>`: reads the deployed factory's ledger, in the account of the current credentials. */
export const whyCommand = (): Command =>
  new Command("why")
    .description(
      "show everything that happened to a build, from its triggers to its retirement; or why an image is built or not",
    )
    .argument("<what...>", 'an image, "<image> <x.y.z/n>", "<x.y.z/n>" if only one image has it, or a build\'s ARN')
    .option("--last <number>", "of an image: how many builds, and how many ignored triggers", toCount, 10)
    .action(why);

async function why(what: readonly string[], { last, json }: Options): Promise<void> {
  const factory = await loadFactory();
  const ledger = openLedger(await readBlueprint());
  const states = await readImageStates(ledger, Object.keys(factory.images));
  const { image, build } = findAsked(what.join(" "), states);
  const state = states.get(image)!;
  const print = <Story>(story: Story, draw: (story: Story) => string[]) =>
    json ? printJson(story) : printFound(story, draw);
  if (build) {
    const channels = (factory.images[image]?.channels ?? []).map(({ name }) => name);
    print(await readWholeStory(ledger, build, state, channels), drawBuildStory);
  } else {
    print(await readImageStory(ledger, image, state, last), drawImageStory);
  }
}
