using Countersign.Cli.Hub;

namespace Countersign.Cli.Tests.Hub;

/// <summary>Which of a repository's files are models, and which one is meant.</summary>
public sealed class HubChoiceTests
{
    private static readonly string Digest = new('a', 64);

    [Theory]
    [InlineData("m-Q8_0.gguf m-Q4_K_M.gguf m-Q2_K.gguf", "", "m-Q4_K_M")]
    [InlineData("m-f16.gguf m.q8_0.gguf", "", "m.q8_0")]
    [InlineData("model.gguf", "", "model")]
    [InlineData("model.gguf mmproj-F16.gguf imatrix.gguf", "", "model")]
    [InlineData("m-Q8_0.gguf m-Q4_K_M.gguf", ":q8_0", "m-Q8_0")]
    [InlineData("m-Q8_0.gguf m-Q4_K_M.gguf", ":m-Q8_0.gguf", "m-Q8_0")]
    [InlineData("m-UD-Q4_K_XL.gguf m-Q3_K_S.gguf", "", "m-UD-Q4_K_XL")]
    [InlineData("UD-Q4_K_XL/model.gguf Q8_0/model.gguf", ":Q8_0", "Q8_0/model")]
    [InlineData("a-Q4_K_M.gguf b-Q4_K_M.gguf", ":b-Q4_K_M", "b-Q4_K_M")]
    public void Choice_Takes(string paths, string wanted, string name) => Assert.Equal(name, Choose(paths, wanted).Name);

    [Theory]
    [InlineData("m-Q8_0.gguf m-Q4_K_M.gguf", ":Q3_K_L", "has no 'Q3_K_L'")]
    [InlineData("a-Q4_K_M.gguf b-Q4_K_M.gguf", ":Q4_K_M", "Several models")]
    [InlineData("a-IQ1_S.gguf b-Q2_K.gguf", "", "None of its quantisations")]
    [InlineData("README.md", "", "holds no GGUF files")]
    [InlineData("m-Q8_0-00001-of-00003.gguf m-Q8_0-00003-of-00003.gguf", "", "split into 3 files, of which org/repo has 2")]
    [InlineData("m-Q8_0-00001-of-00002.gguf m-Q8_0-00007-of-00002.gguf", "", "split into 2 files")]
    public void Choice_Refuses(string paths, string wanted, string said) => Assert.Contains(said, Assert.Throws<HubException>(() => Choose(paths, wanted)).Message);

    [Theory]
    [InlineData("m-Q4_K_M.gguf", true)]
    [InlineData("m-UD-Q8_K_XL.gguf", true)]
    [InlineData("model.gguf", true)]
    [InlineData("m-Q3_K_L.gguf", false)]
    [InlineData("m-IQ4_XS.gguf", false)]
    public void Model_IsRead(string path, bool isRead) => Assert.Equal(isRead, Choose(path, "").IsRead);

    [Fact]
    public void Choice_ThatIsNotThere_ListsWhatIs()
    {
        string said = Assert.Throws<HubException>(() => Choose("m-Q8_0.gguf big-F16-00001-of-00002.gguf big-F16-00002-of-00002.gguf", ":Q4_0")).Message;
        Assert.Contains("\n  F16       2 MiB  big-F16 (2 files)\n  Q8_0      1 MiB  m-Q8_0", said);
    }

    [Theory]
    [InlineData("../m.gguf")]
    [InlineData("a/../../m.gguf")]
    [InlineData("/etc/m.gguf")]
    [InlineData(".hidden.gguf")]
    [InlineData("a\\b.gguf")]
    [InlineData("a\u001b[2J.gguf")]
    [InlineData("C:m.gguf")]
    public void Path_NotSafeHere_IsNoModel(string path) => Assert.Null(HubFile.Of(new TreeEntry("file", path, 1, new TreeLfs(Digest, 1))));

    [Theory]
    [InlineData("org/repo", "org/repo", null)]
    [InlineData("org/repo:Q4_K_M", "org/repo", "Q4_K_M")]
    [InlineData("o-1/Re.po_2:sub/m.gguf", "o-1/Re.po_2", "sub/m.gguf")]
    public void Reference_IsRead(string text, string repository, string? wanted) => Assert.Equal(new HubReference(repository, wanted), HubReference.TryParse(text));

    [Theory]
    [InlineData("repo")]
    [InlineData("a/b/c")]
    [InlineData("../b")]
    [InlineData("a/b:")]
    [InlineData("a/b?x=1")]
    [InlineData("https://huggingface.co/a/b")]
    public void Reference_OfAnotherForm_IsNone(string text) => Assert.Null(HubReference.TryParse(text));

    private static HubModel Choose(string paths, string wanted) => HubChoice.Choose(
        HubReference.TryParse("org/repo" + wanted)!,
        HubModel.Group(paths.Split(' ').Select(path => HubFile.Of(new TreeEntry("file", path, 1 << 20, new TreeLfs(Digest, 1 << 20)))).OfType<HubFile>()));
}
