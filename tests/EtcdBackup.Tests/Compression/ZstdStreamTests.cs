using System.Diagnostics;
using Ebb.EtcdBackup.Compression;

namespace Ebb.EtcdBackup.Tests.Compression;

public sealed class ZstdStreamTests
{
    public static TheoryData<int> Lengths => [0, 1, 100, 128 * 1024, 128 * 1024 + 1, 5_000_000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task Compress_AnyLength_IsReadByTheToolAndByUs(int length)
    {
        var content = Content(length);
        var compressed = await CompressAsync(content);
        (await ToolAsync(compressed, "-d")).ShouldBe(content);
        (await DecompressAsync(compressed)).ShouldBe(content);
    }

    [Theory]
    [InlineData(1_000_000, "-1")]
    [InlineData(5_000_000, "-19")]
    [InlineData(0, "-3")]
    [InlineData(70_000, "-3", "--no-check")]
    public async Task Decompress_WhatTheToolWrote_IsTheSame(int length, params string[] options)
    {
        var content = Content(length);
        (await DecompressAsync(await ToolAsync(content, options))).ShouldBe(content);
    }

    [Fact]
    public async Task Decompress_FramesOneAfterTheOther_AreOne()
    {
        var (first, second) = (Content(300_000), Content(10));
        byte[] skippable = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        byte[] compressed = [.. await CompressAsync(first), .. skippable, .. await ToolAsync(second)];
        (await DecompressAsync(compressed)).ShouldBe([.. first, .. second]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(100)]
    [InlineData(40_000)]
    public async Task Decompress_Cut_IsRefused(int missing)
    {
        var compressed = await CompressAsync(Content(100_000));
        (await Should.ThrowAsync<ZstdException>(() => DecompressAsync(compressed[..^missing]))).Message.ShouldContain("it is cut");
    }

    [Fact]
    public async Task Decompress_NothingOrSomethingElse_IsRefused()
    {
        (await Should.ThrowAsync<ZstdException>(() => DecompressAsync([]))).Message.ShouldContain("it is empty");
        await Should.ThrowAsync<ZstdException>(() => DecompressAsync(Content(1000)));
        await Should.ThrowAsync<ZstdException>(async () => await DecompressAsync([.. await CompressAsync(Content(1000)), 1, 2, 3, 4, 5]));
    }

    [Fact]
    public async Task Decompress_AnyByteChanged_IsRefusedForGood()
    {
        var compressed = await CompressAsync(Content(3000));
        for (var i = 0; i < compressed.Length; i++)
        {
            var changed = compressed.ToArray();
            changed[i] ^= 0x10;
            await using var stream = new ZstdDecompressStream(new MemoryStream(changed), leaveOpen: false);
            var output = new MemoryStream();
            try
            {
                await stream.CopyToAsync(output);
            }
            catch (ZstdException)
            {
                await Should.ThrowAsync<ZstdException>(() => stream.ReadAsync(new byte[1]).AsTask());
                continue;
            }

            // A changed bit that means nothing, such as whether the length is named, may pass; changed content may not.
            output.ToArray().ShouldBe(Content(3000), $"byte {i}");
        }
    }

    [Fact]
    public async Task Decompress_WindowTooLarge_IsRefusedBeforeMemoryIsTaken()
    {
        // RFC 8878, 3.1.1.1: no checksum, no single segment; the window is 2^(10 + 31) bytes.
        byte[] header = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 31 << 3, 1, 0, 0];
        (await Should.ThrowAsync<ZstdException>(() => DecompressAsync(header))).Message.ShouldContain("more than 64 MiB");
    }

    [Fact]
    public async Task Compress_DisposedBeforeItIsComplete_IsRefusedByTheTool()
    {
        var output = new MemoryStream();
        await using (var stream = new ZstdCompressStream(output, leaveOpen: true))
        {
            await stream.WriteAsync(Content(1_000_000));
        }

        (await TryToolAsync(output.ToArray(), "-d")).Error.ShouldContain("premature end");
        await Should.ThrowAsync<ZstdException>(() => DecompressAsync(output.ToArray()));
    }

    [Fact]
    public async Task Compress_OutputFails_IsNotContinued()
    {
        await using var stream = new ZstdCompressStream(new BrokenStream(), leaveOpen: false);
        await Should.ThrowAsync<IOException>(() => stream.WriteAsync(Content(1_000_000)).AsTask());
        await Should.ThrowAsync<InvalidOperationException>(() => stream.CompleteAsync(default));
        stream.CanWrite.ShouldBeFalse();
    }

    [Fact]
    public async Task Compress_CompleteTwice_IsRefused()
    {
        await using var stream = new ZstdCompressStream(new MemoryStream(), leaveOpen: false);
        await stream.CompleteAsync(default);
        await Should.ThrowAsync<InvalidOperationException>(() => stream.CompleteAsync(default));
        await Should.ThrowAsync<InvalidOperationException>(() => stream.WriteAsync(new byte[1]).AsTask());
    }

    // Half of it repeats and half does not.
    private static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content.AsSpan(length / 2));
        return content;
    }

    private static async Task<byte[]> CompressAsync(byte[] content)
    {
        var output = new MemoryStream();
        await using var stream = new ZstdCompressStream(output, leaveOpen: true);
        await stream.WriteAsync(content);
        await stream.CompleteAsync(default);
        return output.ToArray();
    }

    private static async Task<byte[]> DecompressAsync(byte[] compressed)
    {
        var output = new MemoryStream();
        await using var stream = new ZstdDecompressStream(new MemoryStream(compressed), leaveOpen: false);
        await stream.CopyToAsync(output, 1000);
        return output.ToArray();
    }

    private static async Task<byte[]> ToolAsync(byte[] input, params string[] options)
    {
        var (code, output, error) = await TryToolAsync(input, options);
        code.ShouldBe(0, error);
        return output;
    }

    private static async Task<(int Code, byte[] Output, string Error)> TryToolAsync(byte[] input, params string[] options)
    {
        var start = new ProcessStartInfo("zstd", ["-q", "-c", .. options]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await Task.WhenAll(reading, process.WaitForExitAsync());
        return (process.ExitCode, output.ToArray(), await errors);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("No space left on device.");
    }
}
