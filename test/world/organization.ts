import type { OrganizationSeed } from "embedded-aws/seeds";

/** The factory's account. */
export const FACTORY = "111122223333";
export const MANAGEMENT = "999988887777";
/** An account outside the organization. */
export const STRANGER = "600000000009";

/** Two nested OUs, an account in each and one in the root; some have a tag. */
export const organization = {
  id: "o-exampleorgid",
  rootId: "r-exam",
  management: { id: MANAGEMENT, name: "management" },
  accounts: [
    {
      id: FACTORY,
      name: "image-factory",
      defaultVpc: false,
      networks: [{ region: "eu-west-1", name: "image-builds" }],
    },
    { id: "444455556666", name: "data-platform", tags: { images: "golden" } },
  ],
  units: [
    {
      id: "ou-exam-workload",
      name: "Workloads",
      accounts: [
        { id: "400000000001", name: "workload-build", tags: { images: "golden" } },
        { id: "400000000002", name: "workload-test" },
      ],
      units: [
        { id: "ou-exam-produc11", name: "Production", accounts: [{ id: "500000000001", name: "shop-production" }] },
      ],
    },
    { id: "ou-exam-sandbox1", name: "Sandbox", accounts: [{ id: "200000000001", name: "sandbox-ada" }] },
  ],
} satisfies OrganizationSeed;

/** The resource policy by which the management account lets the factory's account read the organization. */
export const readDelegation = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${FACTORY}:root` },
      Action: ["organizations:Describe*", "organizations:List*"],
      Resource: "*",
    },
  ],
};
