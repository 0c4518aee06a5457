/** Beginnings of public parameters, and the SNS topic that tells when the AMIs behind them are replaced. */
const topics: Readonly<Record<string, string>> = {
  "/aws/service/ami-amazon-linux-latest/al2023-": "137112412989:amazon-linux-2023-ami-updates",
  "/aws/service/ami-amazon-linux-latest/amzn2-": "137112412989:amazon-linux-2-ami-updates",
  "/aws/service/ami-windows-latest/": "801119661308:ec2-windows-ami-update",
};

/** Where those topics are; a subscription must be made there, and may deliver to another region. */
export const UPDATE_TOPICS_REGION = "us-east-1";

/**
 * The ARN of the topic on which AWS tells that the AMI behind a public parameter was replaced; undefined where nobody
 * tells, as Canonical, or outside AWS's own partition. Source: the user guides of Amazon Linux 2023, 2, and EC2 Windows.
 */
export function updateTopic(partition: string, parameter: string): string | undefined {
  const prefix = Object.keys(topics).find((start) => parameter.startsWith(start));
  if (partition !== "aws" || !prefix) return undefined;
  return `arn:${partition}:sns:${UPDATE_TOPICS_REGION}:${topics[prefix]}`;
}
