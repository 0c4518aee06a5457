import { isContainerImageId } from "../events/ids.ts";

const ofAmis = {
  plural: "AMIs",
  withdrawn: "disabled",
  restored: "is enabled, and shared as it was",
  goesOn: "instances that run it go on",
  have: "launch",
  removed: "deregistered",
  lost: (restore: string): string =>
    `To have it back while the Recycle Bin keeps it (recycleBin.retain of factory.config.ts; after that it is final): ${restore}`,
};

const ofContainerImages: typeof ofAmis = {
  plural: "images",
  withdrawn: "taken from its channels",
  restored: "is in its channels' repositories again",
  goesOn: "containers that run it go on until they pull it again",
  have: "pull",
  removed: "deleted",
  lost: (): string => "It cannot be had back; ask for another build.",
};

/** What becomes of what a build yields, in the words of those who use it. @param ids what it yields, in any region */
export const wordsOf = (ids: readonly string[]): typeof ofAmis =>
  ids.some(isContainerImageId) ? ofContainerImages : ofAmis;

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
