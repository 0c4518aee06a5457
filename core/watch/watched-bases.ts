import type { Factory } from "../factory/factory-schema.ts";

/** Images that are rebuilt when the public AMI behind their parent's parameter is replaced. */
export const watchedBases = ({ images }: Factory): { image: string; parameter: string }[] =>
  Object.entries(images).flatMap(([image, { parent, triggers }]) =>
    triggers.base && "ssm" in parent ? [{ image, parameter: parent.ssm }] : [],
  );
