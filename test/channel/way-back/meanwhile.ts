import { type Key, type Kind, keyOf, partitionOf } from "../../../core/ledger/kinds.ts";
import { IMAGE, type World } from "./world.ts";

interface Call {
  readonly constructor: { readonly name: string };
  readonly input: {
    readonly Item?: Key;
    readonly Key?: Key;
    readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
  };
}

/** Just before the first call of the ledger that is `awaited`, something else happens completely. */
export function beforeCall(world: World, awaited: (call: Call) => boolean, meanwhile: () => Promise<unknown>): void {
  const { documents } = world.step().ledger;
  const send = documents.send.bind(documents);
  let happened = false;
  Object.assign(documents, {
    send: async (call: Call) => {
      if (!happened && awaited(call)) {
        happened = true;
        await meanwhile();
      }
      return send(call as never);
    },
  });
}

/** Before the first write that is `awaited`. */
export function beforeWrite(
  world: World,
  awaited: (key: Key, operation: string) => boolean,
  meanwhile: () => Promise<unknown>,
): void {
  const isAwaited = (call: Call): boolean => {
    const key = call.input.Item ?? call.input.Key;
    return key !== undefined && awaited(key, call.constructor.name);
  };
  beforeCall(world, isAwaited, meanwhile);
}

/** Before the `nth` query of a kind's partition from now on. */
export function beforeQuery(world: World, kind: Kind, nth: number, meanwhile: () => Promise<unknown>): void {
  let queries = 0;
  const { pk } = partitionOf(kind);
  const isNth = ({ constructor: { name }, input }: Call): boolean =>
    name === "QueryCommand" && input.ExpressionAttributeValues?.[":pk"] === pk && ++queries === nth;
  beforeCall(world, isNth, meanwhile);
}

/** Between the last read of the function that moves a channel next and its write. */
export function beforeNextMove(world: World, channel: string, meanwhile: () => Promise<unknown>): void {
  const { pk, sk } = keyOf("channel", { image: IMAGE, channel });
  beforeWrite(world, (key, operation) => operation === "PutCommand" && key.pk === pk && key.sk === sk, meanwhile);
}
