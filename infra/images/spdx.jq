# An SPDX 2.3 document out of $packages, one image's materials: what debian_materials and nuget_materials print.
def identifier: "SPDXRef-" + .kind + "-" + (.name | gsub("[^A-Za-z0-9.-]"; "-"));
def locator:
  if .kind == "deb" then "pkg:deb/debian/\(.name)@\(.version | @uri)?arch=\(.architecture)&distro=debian-12"
  else "pkg:nuget/\(.name)@\(.version | @uri)" end;
def licence: if (.licence // "") == "" then "NOASSERTION" else .licence end;

{
  spdxVersion: "SPDX-2.3",
  dataLicense: "CC0-1.0",
  SPDXID: "SPDXRef-DOCUMENT",
  name: "\($name)-\($revision)",
  documentNamespace: "urn:ebb:spdx:\($name):\($digest)",
  creationInfo: {created: $created, creators: ["Tool: ebb-dev-images-\($version)"]},
  packages: ([{
    SPDXID: "SPDXRef-image", name: $name, versionInfo: $version, packageFileName: $digest,
    downloadLocation: (if $source == "" then "NOASSERTION" else "git+\($source)@\($revision)" end),
    filesAnalyzed: false, licenseConcluded: "NOASSERTION", licenseDeclared: "NOASSERTION", copyrightText: "NOASSERTION",
    primaryPackagePurpose: "CONTAINER",
    checksums: [{algorithm: "SHA256", checksumValue: ($digest | ltrimstr("sha256:"))}],
    externalRefs: [{referenceCategory: "PACKAGE-MANAGER", referenceType: "purl",
      referenceLocator: "pkg:oci/\($name)@\($digest | @uri)?arch=amd64"}]
  }] + [$packages[] | {
    SPDXID: identifier, name, versionInfo: .version, downloadLocation: "NOASSERTION", filesAnalyzed: false,
    supplier: (if .kind == "deb" then "Organization: Debian" else "NOASSERTION" end),
    licenseConcluded: "NOASSERTION", licenseDeclared: licence, copyrightText: "NOASSERTION",
    checksums: [{algorithm, checksumValue: .hash}],
    externalRefs: [{referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: locator}]
  } + if .kind == "deb" then {sourceInfo: "built package from: \(.source)"} else {} end]),
  files: [{
    SPDXID: "SPDXRef-binary", fileName: $file, fileTypes: ["BINARY"], licenseConcluded: "NOASSERTION",
    copyrightText: "NOASSERTION",
    checksums: [{algorithm: "SHA1", checksumValue: $sha1}, {algorithm: "SHA256", checksumValue: $sha256}]
  }],
  relationships: ([
    {spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: "SPDXRef-image"},
    {spdxElementId: "SPDXRef-image", relationshipType: "CONTAINS", relatedSpdxElement: "SPDXRef-binary"}
  ] + [$packages[] | if .kind == "deb"
    then {spdxElementId: "SPDXRef-image", relationshipType: "CONTAINS", relatedSpdxElement: identifier}
    else {spdxElementId: "SPDXRef-binary", relationshipType: "STATIC_LINK", relatedSpdxElement: identifier} end])
}
