/**
 * What Auto Scaling does with a key when it launches (Auto Scaling user guide, "Required AWS KMS key policy for use with
 * encrypted volumes"). The policies of the factory's keys let consumers grant no more.
 */
export const AUTO_SCALING_OPERATIONS = [
  "CreateGrant",
  "Decrypt",
  "DescribeKey",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "ReEncryptFrom",
  "ReEncryptTo",
] as const;

/** The role by which Auto Scaling launches in an account. */
export const autoScalingRoleArn = (partition: string, account: string): string =>
  `arn:${partition}:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
