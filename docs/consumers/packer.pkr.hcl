packer {
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = "~> 1.3"
    }
  }
}

variable "kms_key_id" {
  type        = string
  description = "A key of this account. Without one the new AMI's snapshots keep the factory's key."
}

data "amazon-parameterstore" "base" {
  region = "eu-west-1"
  name   = "arn:aws:ssm:eu-west-1:111122223333:parameter/imagebuilder/amint/acme/al2023-base/stable"
}

source "amazon-ebs" "web" {
  region        = "eu-west-1"
  source_ami    = data.amazon-parameterstore.base.value
  instance_type = "t3.micro"
  ssh_username  = "ec2-user"
  ami_name      = "web-{{timestamp}}"
  encrypt_boot  = true
  kms_key_id    = var.kms_key_id

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  tags = {
    BaseAmi = data.amazon-parameterstore.base.value
  }
}

build {
  sources = ["source.amazon-ebs.web"]

  provisioner "shell" {
    inline = ["sudo dnf install --assumeyes nginx"]
  }
}
