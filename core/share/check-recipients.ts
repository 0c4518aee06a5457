import type { Factory } from "../factory/factory-schema.ts";
import type { Share } from "../factory/share-schema.ts";

/** Shares whose exceptions exclude everything that they name: no account could launch the AMI. */
export const checkRecipients = ({ images }: Pick<Factory, "images">): string[] =>
  Object.entries(images).flatMap(([name, { channels }]) =>
    channels.flatMap(({ share }, nth) =>
      reachesNobody(share)
        ? [
            `images.${name}.channels[${nth}].share: expected at least one recipient, found none: share.except excludes all that it names`,
          ]
        : [],
    ),
  );

function reachesNobody({ organization, organizationalUnits, accounts, accountTags, except }: Share): boolean {
  if (!except || organization || accountTags) return false;
  return (
    organizationalUnits.every((unit) => except.organizationalUnits.includes(unit)) &&
    accounts.every((account) => except.accounts.includes(account))
  );
}
