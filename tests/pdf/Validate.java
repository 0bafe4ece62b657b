import java.io.File;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.LogManager;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl;
import org.verapdf.pdfa.validation.profiles.ErrorDetails;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.verapdf.pdfa.validation.validators.ValidatorFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Checks files against veraPDF's PDF/UA-1 and PDF/A-3a profiles. One tab-separated line per finding:
 * "ok|broken, profile, number of rules, file, findings". Profiles are read with the JDK's own XML parser, because the
 * engine's reader needs JAXB, which the jar at hand does not hold.
 */
public final class Validate {
    private static final String PLACE = "/org/verapdf/pdfa/validation/";
    private static final Map<String, ValidationProfile> PROFILES = new LinkedHashMap<>();
    /** How many broken checks of a rule are told: every one. */
    private static final int ALL = -1;

    public static void main(String[] files) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        for (String name : List.of("PDFUA-1", "PDFA-3A")) {
            PROFILES.put(name, read(name));
        }
        for (String file : files) {
            report(file);
        }
    }

    /** A file is read once and judged by all the profiles: each then says what it says alone, to the last assertion. */
    private static void report(String file) throws Exception {
        List<ValidationProfile> profiles = List.copyOf(PROFILES.values());
        List<PDFAFlavour> flavours = profiles.stream().map(ValidationProfile::getPDFAFlavour).toList();
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavours.get(0));
                PDFAValidator validator = ValidatorFactory.createValidatorByProfiles(profiles, ALL, false, false, false)) {
            parser.setFlavours(flavours);
            List<ValidationResult> results = validator.validateAll(parser);
            if (results.size() != PROFILES.size()) {
                throw new IllegalStateException(file + ": " + results.size());
            }
            for (ValidationResult result : results) {
                say(result, file);
            }
        }
    }

    private static void say(ValidationResult result, String file) {
        Set<String> findings = new TreeSet<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                RuleId rule = assertion.getRuleId();
                findings.add(rule.getClause() + "-" + rule.getTestNumber() + " "
                        + assertion.getMessage().replaceAll("\\s+", " "));
            }
        }
        ValidationProfile profile = result.getValidationProfile();
        String name = PROFILES.entrySet().stream().filter(each -> each.getValue() == profile).findFirst().orElseThrow().getKey();
        System.out.println(String.join("\t", result.isCompliant() ? "ok" : "broken", name,
                String.valueOf(profile.getRules().size()), file, String.join(" | ", findings)));
    }

    private static ValidationProfile read(String name) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Element root;
        try (InputStream source = Profiles.class.getResourceAsStream(PLACE + name + ".xml")) {
            root = factory.newDocumentBuilder().parse(source).getDocumentElement();
        }
        Set<Rule> rules = new HashSet<>();
        for (Element group : children(root, "rules")) {
            for (Element rule : children(group, "rule")) {
                rules.add(rule(rule));
            }
        }
        Set<Variable> variables = new HashSet<>();
        for (Element group : children(root, "variables")) {
            for (Element variable : children(group, "variable")) {
                variables.add(Profiles.variableFromValues(variable.getAttribute("name"),
                        variable.getAttribute("object"), text(variable, "defaultValue"), text(variable, "value")));
            }
        }
        return Profiles.profileFromValues(PDFAFlavour.valueOf(root.getAttribute("flavour")),
                Profiles.profileDetailsFromValues(name, "", "", new Date(0)), "", rules, variables);
    }

    private static Rule rule(Element rule) {
        Element id = children(rule, "id").get(0);
        Element error = children(rule, "error").get(0);
        List<ErrorArgument> arguments = new ArrayList<>();
        for (Element group : children(error, "arguments")) {
            for (Element argument : children(group, "argument")) {
                String label = argument.hasAttribute("name") ? argument.getAttribute("name") : null;
                arguments.add(ErrorArgumentImpl.fromValues(argument.getTextContent(), label, null));
            }
        }
        ErrorDetails details = Profiles.errorFromValues(text(error, "message"), arguments);
        Boolean deferred = rule.hasAttribute("deferred") ? Boolean.valueOf(rule.getAttribute("deferred")) : null;
        RuleId number = Profiles.ruleIdFromValues(
                PDFAFlavour.Specification.valueOf(id.getAttribute("specification")), id.getAttribute("clause"),
                Integer.parseInt(id.getAttribute("testNumber")));
        return Profiles.ruleFromValues(number, rule.getAttribute("object"), deferred, rule.getAttribute("tags"),
                text(rule, "description"), text(rule, "test"), details, new ArrayList<>());
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element && name.equals(node.getLocalName())) {
                found.add((Element) node);
            }
        }
        return found;
    }

    private static String text(Element parent, String name) {
        List<Element> found = children(parent, name);
        return found.isEmpty() ? "" : found.get(0).getTextContent();
    }
}
