import { type Key, keyOf } from "../../../core/ledger/kinds.ts";
import { IMAGE, type World } from "./world.ts";

interface Write {
  readonly constructor: { readonly name: string };
  readonly input: { readonly Item?: Key; readonly Key?: Key };
}

/** Just before the first write that is `awaited`, something else happens completely. */
export function beforeWrite(
  world: World,
  awaited: (key: Key, operation: string) => boolean,
  meanwhile: () => Promise<unknown>,
): void {
  const { documents } = world.step().ledger;
  const send = documents.send.bind(documents);
  let happened = false;
  Object.assign(documents, {
    send: async (command: Write) => {
      const key = command.input.Item ?? command.input.Key;
      if (!happened && key && awaited(key, command.constructor.name)) {
        happened = true;
        await meanwhile();
      }
      return send(command as never);
    },
  });
}

/** Between the last read of the function that moves a channel next and its write. */
export function beforeNextMove(world: World, channel: string, meanwhile: () => Promise<unknown>): void {
  const { pk, sk } = keyOf("channel", { image: IMAGE, channel });
  beforeWrite(world, (key, operation) => operation === "PutCommand" && key.pk === pk && key.sk === sk, meanwhile);
}
