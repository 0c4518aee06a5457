import { IMAGE } from "./way-factory.ts";
import type { World } from "./world.ts";

/** Between the last look of whoever moves a channel next and its write, something else happens from start to end. */
export function beforeNextMove(world: World, channel: string, meanwhile: () => Promise<unknown>): void {
  const { documents } = world.step().ledger;
  const send = documents.send.bind(documents);
  let happened = false;
  Object.assign(documents, {
    send: async (command: { readonly input: { readonly Item?: { readonly sk?: string } } }) => {
      if (!happened && command.input.Item?.sk === `${IMAGE}#CHANNEL#${channel}`) {
        happened = true;
        await meanwhile();
      }
      return send(command as never);
    },
  });
}
