import { readPulls } from "../../adapters/containers/pull-records.ts";
import type { RetirableAmi } from "../../adapters/retirement/retire-image.ts";
import { type ArtifactId, type ContainerImageId, isContainerImageId } from "../../events/ids.ts";
import type { Looking, UseLookups } from "../retirement/use-lookups.ts";
import { placesOf } from "./container.ts";
import { readContainer } from "./retirable-container.ts";

/**
 * Usage of container images, by their pulls: AWS does not report which containers run them. A lookup is recorded like
 * EC2's usage report, so that two lookups, days apart, count as two reports.
 */
export function lookUpContainers(invocation: Looking): UseLookups {
  return {
    async describe(ids) {
      const found = new Map<string, RetirableAmi>();
      for (const id of ids.filter(isContainerImageId)) {
        const one = await readContainer(id, invocation);
        if (one) found.set(id, one);
      }
      return found;
    },
    // References in this account pull the image, too, so the pulls include them.
    findReferences: async () => new Map(),
    request: async (id, token, quietSeconds) => ({
      id: token,
      found: { state: "complete", users: await findUsers(requireContainer(id), quietSeconds, invocation) },
    }),
    read: async () => ({ state: "missing", why: "a lookup of pulls is complete at once" }),
  };
}

function requireContainer(id: ArtifactId): ContainerImageId {
  if (!isContainerImageId(id)) throw new Error(`${id} is not a container image.`);
  return id;
}

/** Accounts that pulled it recently may still run it, or pull it again. */
async function findUsers(id: ContainerImageId, quietSeconds: number, invocation: Looking): Promise<string[]> {
  const { ecr, image, all } = placesOf(id, invocation);
  const since = new Date(invocation.now.getTime() - quietSeconds * 1000).toISOString();
  return (await readPulls(ecr, all, image.digest))
    .filter(({ lastAt }) => lastAt > since)
    .map(({ repository, lastAt }) => `it was pulled from ${repository} on ${lastAt.slice(0, 10)}`);
}
