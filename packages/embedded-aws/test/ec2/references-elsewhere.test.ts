import type { DescribeImageReferencesCommandOutput } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { allowEverything } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import type { Service } from "../../src/engine/operation.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { allServices } from "../../src/services/all.ts";
import { anAws, FACTORY, REGION } from "./an-aws.ts";

const GOLDEN = "ami-0123456789abcdef0";
const OTHER = "ami-0123456789abcdef1";

describe("a parameter references an image", () => {
  it("by its present value, or one in its list; not by an older one, nor by a secret", async () => {
    const { by } = anAws();
    const put = (Name: string, Value: string, Type: string) =>
      by("ssm")("PutParameter", { Name, Value, Type, Overwrite: true });
    await put("/present", GOLDEN, "String");
    await put("/list", `${OTHER},${GOLDEN}`, "StringList");
    await put("/moved", GOLDEN, "String");
    await put("/moved", OTHER, "String");
    await put("/secret", GOLDEN, "SecureString");

    const { ImageReferences } = await by("ec2")("DescribeImageReferences", {
      ImageIds: [GOLDEN],
      ResourceTypes: [{ ResourceType: "ssm:Parameter" }],
    });

    expect(ImageReferences?.map(({ Arn }) => Arn?.split(":parameter")[1]).sort()).toEqual(["/list", "/present"]);
  });
});

describe("a container recipe references an image", () => {
  const arn = (name: string) => `arn:aws:imagebuilder:${REGION}:${FACTORY}:container-recipe/${name}/1.0.0`;
  const images: Readonly<Record<string, string | undefined>> = {
    [arn("builder")]: GOLDEN,
    [arn("default")]: undefined,
    [arn("web")]: OTHER,
    [arn("late")]: GOLDEN,
  };

  /** An Image Builder that lists its container recipes two by two. */
  const imageBuilder: Service = {
    name: "imagebuilder",
    client: async () => ({}),
    operations: {
      ListContainerRecipes: {
        run: ({ nextToken }: { nextToken?: string }) => {
          const start = Number(nextToken ?? 0);
          const all = Object.keys(images).map((one) => ({ arn: one }));
          const more = start + 2 < all.length;
          return {
            containerRecipeSummaryList: all.slice(start, start + 2),
            ...(more && { nextToken: String(start + 2) }),
          };
        },
      },
      GetContainerRecipe: {
        run: ({ containerRecipeArn }: { containerRecipeArn: string }) => {
          const image = images[containerRecipeArn];
          return { containerRecipe: { arn: containerRecipeArn, instanceConfiguration: image ? { image } : {} } };
        },
      },
    },
  };

  it("that its build instances start from, on whatever page it is listed", async () => {
    const aws = createAws({
      clock: new VirtualClock(0),
      services: { ...allServices, imagebuilder: async () => imageBuilder },
      authorizer: allowEverything,
    });
    const asked = { ImageIds: [GOLDEN], ResourceTypes: [{ ResourceType: "imagebuilder:ContainerRecipe" }] };

    const { ImageReferences } = await aws.call<DescribeImageReferencesCommandOutput>(
      "ec2",
      "DescribeImageReferences",
      asked,
      { principal: accountPrincipal(FACTORY), region: REGION },
    );

    expect(ImageReferences?.map(({ Arn }) => Arn)).toEqual([arn("builder"), arn("late")]);
  });
});
