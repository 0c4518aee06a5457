import { readPulls } from "../../adapters/containers/pull-records.ts";
import type { RetirableAmi } from "../../adapters/retirement/retire-image.ts";
import { type ArtifactId, type ContainerImageId, isContainerImageId } from "../../events/ids.ts";
import type { Looking, UseLookups } from "../retirement/use-lookups.ts";
import { placesOf } from "./container.ts";
import { lookAtContainer } from "./retirable-container.ts";

/**
 * What ECR tells of container images. Nobody reports who runs them: a pull is what is seen of it. A look at the pulls is
 * kept like a report of EC2's, so that two of them, days apart, prove what two reports do.
 */
export function lookUpContainers(step: Looking): UseLookups {
  return {
    async describe(ids) {
      const found = new Map<string, RetirableAmi>();
      for (const id of ids.filter(isContainerImageId)) {
        const one = await lookAtContainer(id, step);
        if (one) found.set(id, one);
      }
      return found;
    },
    // Whatever names an image in this account pulls it, too, and is seen by that.
    findReferences: async () => new Map(),
    request: async (id, token, quietSeconds) => ({
      id: token,
      found: { state: "complete", users: await findUsers(requireContainer(id), quietSeconds, step) },
    }),
    read: async () => ({ state: "missing", why: "a look at pulls is complete at once" }),
  };
}

function requireContainer(id: ArtifactId): ContainerImageId {
  if (!isContainerImageId(id)) throw new Error(`${id} is no container image.`);
  return id;
}

/** Whoever pulled it within this time may run it still, or pull it again. */
async function findUsers(id: ContainerImageId, quietSeconds: number, step: Looking): Promise<string[]> {
  const { ecr, image, all } = placesOf(id, step);
  const since = new Date(step.now.getTime() - quietSeconds * 1000).toISOString();
  return (await readPulls(ecr, all, image.digest))
    .filter(({ lastAt }) => lastAt > since)
    .map(({ repository, lastAt }) => `somebody pulled it from ${repository} on ${lastAt.slice(0, 10)}`);
}
