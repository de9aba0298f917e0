using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Ebb.Signing;

/// <summary>Renders the Kyverno policy that admits pods only with images signed by given keys.</summary>
public static partial class KyvernoPolicy
{
    private const int IndentOfKey = 22;

    /// <summary>
    /// A <c>ClusterPolicy</c> (kyverno.io/v1, verifyImages). It covers the images named and no others; signed by any one of the
    /// keys is enough. Our signatures carry no transparency log entry and no certificate, so both checks are off. It needs no internet.
    /// </summary>
    /// <param name="imageReferences">Images: <c>harbor.example.com/library/alpine</c>, or patterns with <c>*</c>. A name without tag covers every tag and digest.</param>
    /// <param name="publicKeys">The keys in PEM. At least one.</param>
    /// <param name="name">The policy's name.</param>
    /// <exception cref="ArgumentException">An image or a key is not valid; the message names it.</exception>
    public static string Render(IReadOnlyList<string> imageReferences, IReadOnlyList<string> publicKeys, string name = "ebb-signed-images")
    {
        Check(imageReferences, publicKeys);
        var images = Lines(Patterns(imageReferences), 12, pattern => $"- \"{pattern}\"");
        var keys = new StringBuilder();
        foreach (var key in publicKeys)
        {
            keys.Append($"""
                              - keys:
                                  publicKeys: |-
                {Indented(key, IndentOfKey)}
                                  rekor:
                                    ignoreTlog: true
                                  ctlog:
                                    ignoreSCT: true

                """);
        }

        return $"""
            apiVersion: kyverno.io/v1
            kind: ClusterPolicy
            metadata:
              name: {name}
              annotations:
                policies.kyverno.io/title: Mirrored images are signed
                # Pods alone: a digest written into a Deployment would differ from Git for ever.
                pod-policies.kyverno.io/autogen-controllers: none
            spec:
              background: false
              failurePolicy: Fail
              webhookConfiguration:
                timeoutSeconds: 30
              rules:
                - name: signed-by-our-key
                  match:
                    any:
                      - resources:
                          kinds:
                            - Pod
                  verifyImages:
                    - type: Cosign
                      failureAction: Enforce
                      mutateDigest: true
                      verifyDigest: true
                      required: true
                      imageReferences:
            {images}
                      attestors:
                        - count: 1
                          entries:
            {keys.ToString().TrimEnd('\n')}

            """.Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>
    /// An <c>ImageValidatingPolicy</c> (policies.kyverno.io/v1), the newer kind, with the same meaning; see <see cref="KyvernoVersion"/> for where it works.
    /// </summary>
    /// <inheritdoc cref="Render"/>
    public static string RenderImageValidating(IReadOnlyList<string> imageReferences, IReadOnlyList<string> publicKeys, string name = "ebb-signed-images")
    {
        Check(imageReferences, publicKeys);
        var attestors = new StringBuilder();
        for (var i = 0; i < publicKeys.Count; i++)
        {
            attestors.Append($"""
                    - name: key{i + 1}
                      cosign:
                        key:
                          data: |-
                {Indented(publicKeys[i], 12)}
                        ctlog:
                          insecureIgnoreTlog: true
                          insecureIgnoreSCT: true

                """);
        }

        // Kyverno compares the image as the pod has it: a bare name is the tag latest.
        var patterns = Patterns(imageReferences).Concat(imageReferences.Where(IsName)).Distinct().ToList();
        // For an image that matches no reference verifyImageSignatures counts no signature, so such images are taken out first: they are not this
        // policy's. One signature, by any of the keys, admits the others.
        var any = string.Join(", ", Enumerable.Range(1, publicKeys.Count).Select(number => $"attestors.key{number}"));
        var validations = Lines(["containers", "initContainers", "ephemeralContainers"], 4, kind => $"""
            - expression: images.{kind}.filter(image, variables.covered.exists(pattern, image.matches(pattern))).map(image, verifyImageSignatures(image, [{any}])).all(count, count > 0)
                  message: An image of the pod's {kind} is not signed by the platform's key.
            """);
        return $"""
            apiVersion: policies.kyverno.io/v1
            kind: ImageValidatingPolicy
            metadata:
              name: {name}
            spec:
              failurePolicy: Fail
              validationActions:
                - Deny
              webhookConfiguration:
                timeoutSeconds: 30
              matchConstraints:
                resourceRules:
                  - apiGroups: [""]
                    apiVersions: ["v1"]
                    operations: ["CREATE", "UPDATE"]
                    resources: ["pods"]
              validationConfigurations:
                mutateDigest: true
                verifyDigest: true
                required: true
              matchImageReferences:
            {Lines(patterns, 4, pattern => $"- glob: \"{pattern}\"")}
              attestors:
            {attestors.ToString().TrimEnd('\n')}
              variables:
                - name: covered
                  expression: |-
                    [
            {string.Join(",\n", patterns.Select(pattern => $"          r'{Expression(pattern)}'"))}
                    ]
              validations:
            {validations}

            """.Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    // A pattern matches the whole reference, so a bare name needs one for its tags and one for its digests.
    private static IEnumerable<string> Patterns(IReadOnlyList<string> references) => references
        .SelectMany(reference => IsName(reference) ? [reference + ":*", reference + "@*"] : new[] { reference })
        .Distinct();

    private static bool IsName(string reference) => !TagOrDigest().IsMatch(reference) && !reference.EndsWith('*');

    // The same as the glob, for CEL has no globs.
    private static string Expression(string pattern) =>
        $"^{string.Concat(pattern.Select(letter => letter switch { '*' => ".*", '?' => ".", '.' or '[' or ']' => $"\\{letter}", _ => letter.ToString() }))}$";

    private static string Lines(IEnumerable<string> items, int indent, Func<string, string> render) =>
        string.Join('\n', items.Select(item => new string(' ', indent) + render(item)));

    private static string Indented(string pem, int indent) => Lines(pem.Trim().Split('\n').Select(line => line.TrimEnd()), indent, line => line);

    private static void Check(IReadOnlyList<string> references, IReadOnlyList<string> publicKeys)
    {
        var problems = references.Where(reference => !Reference().IsMatch(reference)).Select(reference => $"'{reference}' is no image reference or pattern.")
            .Concat(publicKeys.Where(key => !PemEncoding.TryFind(key, out var fields) || !key[fields.Label].Equals("PUBLIC KEY", StringComparison.Ordinal))
                .Select(_ => "A key is not a PEM public key."))
            .Concat(references.Count == 0 ? ["There is no image to admit."] : [])
            .Concat(publicKeys.Count == 0 ? ["There is no key to verify with."] : [])
            .ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join('\n', problems), nameof(references));
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9*?][A-Za-z0-9*?._:/@\-\[\]]{0,511}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Reference();

    [GeneratedRegex("@|:[^/]*$", RegexOptions.NonBacktracking)]
    private static partial Regex TagOrDigest();
}
