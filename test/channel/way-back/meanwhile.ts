import { type Key, keyOf } from "../../../core/ledger/kinds.ts";
import { IMAGE } from "./way-factory.ts";
import type { World } from "./world.ts";

/** Between the last read of the function that moves a channel next and its write, something else happens completely. */
export function beforeNextMove(world: World, channel: string, meanwhile: () => Promise<unknown>): void {
  const { documents } = world.step().ledger;
  const send = documents.send.bind(documents);
  const { pk, sk } = keyOf("channel", { image: IMAGE, channel });
  let happened = false;
  Object.assign(documents, {
    send: async (command: { readonly input: { readonly Item?: Key } }) => {
      if (!happened && command.input.Item?.pk === pk && command.input.Item.sk === sk) {
        happened = true;
        await meanwhile();
      }
      return send(command as never);
    },
  });
}
