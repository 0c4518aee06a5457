import { describe, expect, test } from "vitest";
import { parseBuildArn } from "../../events/ids.ts";

/** AWS's own pattern for `ImageBuildVersionArn` (botocore's model of Image Builder). */
const takenByAws = [
  "arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-al2023-base/1.0.0/1",
  "arn:aws:imagebuilder:eu-west-1:111122223333:image/acme_al2023-base/1.0.0/1",
  "arn:aws-cn:imagebuilder:cn-north-1:111122223333:image/acme/10.200.3000/45",
  "arn:aws:imagebuilder:eu-west-1:aws:image/amazon-linux-2023-x86/2026.1.1/1",
];

describe("a build's ARN", () => {
  test.each(takenByAws)("is valid if AWS's model accepts it: %s", (arn) => {
    expect(parseBuildArn(arn)).toBe(arn);
  });

  test("that is invalid is quoted in the error", () => {
    const arn = "arn:aws:imagebuilder:eu-west-1:111122223333:image/Acme Base/1.0.0/1";

    expect(() => parseBuildArn(arn)).toThrow(
      `Not an image build version's ARN: "${arn}". Expected arn:...:image/<name>/<x.y.z>/<n>.`,
    );
  });
});
