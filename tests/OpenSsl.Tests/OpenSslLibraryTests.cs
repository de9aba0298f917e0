using Ebb.OpenSsl.Interop;

namespace Ebb.OpenSsl.Tests;

public sealed class OpenSslLibraryTests
{
    [Fact]
    public void FindFault_LibraryMissing_NamesItAndThePackage() =>
        OpenSslLibrary.FindFault(["libcrypto.so.3", "libebbmissing.so.3"])!.ShouldSatisfyAllConditions(
            fault => fault.ShouldContain("libebbmissing.so.3 could not be loaded"),
            fault => fault.ShouldNotContain("libcrypto.so.3"),
            fault => fault.ShouldContain("libssl3"));

    [Fact]
    public void Require_OpenSsl3Installed_Passes() => Should.NotThrow(OpenSslLibrary.Require);
}
