import type * as Sdk from "@aws-sdk/client-ecr";
import type { Operations } from "../../engine/operation.ts";

/** "Private registry authentication", Amazon ECR user guide. */
const TWELVE_HOURS = 12 * 3_600_000;

export const operations = {
  /**
   * A password for `docker login`, for every registry that the caller's policies reach. It opens nothing here: the
   * embedded AWS has ECR's API, and no registry that speaks Docker's protocol.
   */
  GetAuthorizationToken: {
    authorize: () => [{ resources: ["*"] }],
    run(input, { aws, account, region }) {
      const registries = input.registryIds?.length ? input.registryIds : [account];
      return {
        authorizationData: registries.map((registry) => ({
          authorizationToken: Buffer.from(`AWS:${aws.hexId(64)}`).toString("base64"),
          expiresAt: new Date(aws.clock.now() + TWELVE_HOURS),
          proxyEndpoint: `https://${registry}.dkr.ecr.${region}.amazonaws.com`,
        })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
